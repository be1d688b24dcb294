// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SdpDirection;

/** What of an offer a stream is sent as. Used once. */
final class SentMedia {
    private static final int UNFIT = Integer.MAX_VALUE;

    private final Optional<PayloadFormat> picture;
    private final Optional<PayloadFormat> sound;
    private boolean video;
    private boolean audio;

    SentMedia(Optional<PayloadFormat> picture, Optional<PayloadFormat> sound) {
        this.picture = picture;
        this.sound = sound;
    }

    List<AgreedMedia> choose(Offer offer) {
        return offer.media().stream().map(this::one).toList();
    }

    private AgreedMedia one(MediaDescription offered) {
        boolean wants = offered.direction() == SdpDirection.RECVONLY || offered.direction() == SdpDirection.SENDRECV;
        if (!wants || !AgreedMedia.isOpen(offered)) {
            return AgreedMedia.none(offered);
        }
        if (offered.kind().equals("video") && !video) {
            Optional<PayloadFormat> format = picture.flatMap(ours -> best(offered, ours));
            video = format.isPresent();
            return withoutTwice(AgreedMedia.agreed(offered, format));
        }
        if (offered.kind().equals("audio") && !audio) {
            Optional<PayloadFormat> format = sound.flatMap(ours -> best(offered, ours));
            audio = format.isPresent();
            return sound(AgreedMedia.agreed(offered, format));
        }
        return AgreedMedia.none(offered);
    }

    private static Optional<PayloadFormat> best(MediaDescription offered, PayloadFormat ours) {
        return offered.formats().stream()
                .filter(format -> AgreedMedia.carried(format, ours.clockRate())
                        && format.isCalled(ours.encoding())
                        && format.channels() == ours.channels()
                        && rank(format, ours) < UNFIT)
                .min(Comparator.comparingInt(format -> rank(format, ours)));
    }

    /** How well a payload type stands for what we send, the least for the best; {@link #UNFIT} if it does not. */
    private static int rank(PayloadFormat format, PayloadFormat ours) {
        return switch (ours.encoding().toUpperCase(Locale.ROOT)) {
            case "H264" -> {
                if (format.number("packetization-mode", 0) != 1) {
                    yield UNFIT;
                }
                // Decoders go by the stream's own parameter sets; the profile says which decoder is taken for it.
                String theirs = profile(format);
                int known = AgreedMedia.PROFILES.indexOf(theirs);
                yield theirs.equals(profile(ours)) ? 0 : 1 + (known < 0 ? AgreedMedia.PROFILES.size() : known);
            }
            case "VP9" -> same(format, ours, "profile-id", "0");
            case "AV1" -> same(format, ours, "profile", "0");
            default -> 0;
        };
    }

    private static int same(PayloadFormat format, PayloadFormat ours, String name, String usual) {
        String mine = ours.parameter(name).orElse(usual);
        return format.parameter(name).orElse(usual).equals(mine) ? 0 : UNFIT;
    }

    /** RFC 6184 §8.1: the profile, and of the constraints the one that makes of Baseline what all decoders play. */
    private static String profile(PayloadFormat format) {
        String said = format.parameter("profile-level-id").orElse("42000a").toLowerCase(Locale.ROOT);
        if (!said.matches("[0-9a-f]{6}")) {
            return "";
        }
        String profile = said.substring(0, 2);
        int constraints = Integer.parseInt(said.substring(2, 4), 16);
        return switch (profile) {
            case "42" -> (constraints & 0x40) != 0 ? "42e0" : "4200";
            case "4d" -> (constraints & 0x80) != 0 ? "42e0" : "4d00";
            case "64" -> (constraints & 0x0C) == 0x0C ? "640c" : "6400";
            default -> said.substring(0, 4);
        };
    }

    /**
     * What is sent once more under its own number must be the same to the byte (RFC 7714 §14.1), which a number for each packet on the way is
     * not: one or the other.
     */
    private static AgreedMedia withoutTwice(AgreedMedia agreed) {
        boolean again = agreed.feedback().contains(AgreedMedia.NACK);
        boolean same = again && agreed.retransmission().isEmpty();
        return new AgreedMedia(
                agreed.offered(),
                agreed.format(),
                again ? agreed.retransmission() : OptionalInt.empty(),
                agreed.feedback().stream()
                        .filter(each -> !same || !each.equals(AgreedMedia.TRANSPORT))
                        .toList(),
                same ? OptionalInt.empty() : agreed.transportSequence(),
                agreed.format().isEmpty()
                        ? OptionalInt.empty()
                        : AgreedMedia.extension(agreed.offered(), AgreedMedia.DELAY_EXTENSION),
                Optional.empty());
    }

    /** A gap in sound is heard less than what waits for it. */
    private static AgreedMedia sound(AgreedMedia agreed) {
        return new AgreedMedia(
                agreed.offered(),
                agreed.format(),
                OptionalInt.empty(),
                agreed.feedback().stream().filter(AgreedMedia.TRANSPORT::equals).toList(),
                agreed.transportSequence(),
                OptionalInt.empty(),
                Optional.empty());
    }
}
