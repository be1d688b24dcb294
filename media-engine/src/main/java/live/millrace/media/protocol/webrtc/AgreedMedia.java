// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SdpDirection;

/**
 * What becomes of one medium of an offer.
 *
 * @param offered as it came
 * @param format what is sent; empty where the medium is turned down
 * @param retransmission the payload type of what is sent once more (RFC 4588); empty when that has none of its own
 * @param feedback what of RTCP's feedback both know, as {@code nack pli}
 * @param transportSequence the number of the header extension that counts all packets; empty when it is not known
 * @param playoutDelay the number of the header extension that says how long pictures may be held back; empty when we do not send it
 * @param source what we send it as; empty where we receive
 */
public record AgreedMedia(
        MediaDescription offered,
        Optional<PayloadFormat> format,
        OptionalInt retransmission,
        List<String> feedback,
        OptionalInt transportSequence,
        OptionalInt playoutDelay,
        Optional<MediaSource> source) {
    /** RFC 4585 §6.2.1. */
    public static final String NACK = "nack";

    /** RFC 4585 §6.3.1. */
    public static final String PICTURE_LOSS = "nack pli";

    /** RFC 5104 §4.3.1. */
    public static final String FULL_INTRA = "ccm fir";

    /** draft-holmer-rmcat-transport-wide-cc-extensions-01. */
    public static final String TRANSPORT = "transport-cc";

    static final String TRANSPORT_EXTENSION =
            "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    /** https://webrtc.googlesource.com/src/+/refs/heads/main/docs/native-code/rtp-hdrext/playout-delay/README.md. */
    static final String DELAY_EXTENSION = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

    /** RFC 5764 §8, RFC 7850 §3.5. */
    private static final Set<String> PROTOCOLS =
            Set.of("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVP");

    /** Where a packet with a marker looks like RTCP (RFC 5761 §4). */
    private static final int FIRST_OF_RTCP = 64;

    private static final int LAST_OF_RTCP = 95;
    static final int VIDEO_CLOCK = 90_000;

    private static final List<String> KNOWN = List.of(NACK, PICTURE_LOSS, FULL_INTRA, TRANSPORT);

    /** The first byte of a profile-level-id and what follows of it, the best for all players first. */
    static final List<String> PROFILES = List.of("42e0", "4200", "4d00", "6400", "640c");

    public AgreedMedia {
        feedback = List.copyOf(feedback);
    }

    public boolean video() {
        return offered.kind().equals("video");
    }

    /** Turned down: it stays in the list (RFC 3264 §6). */
    static AgreedMedia none(MediaDescription offered) {
        return new AgreedMedia(
                offered,
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /** The same, and what we send it as. */
    public AgreedMedia as(MediaSource sent) {
        return new AgreedMedia(
                offered, format, retransmission, feedback, transportSequence, playoutDelay, Optional.of(sent));
    }

    /**
     * Chooses of media that a peer sends: one picture and one sound, the first of each that can be carried.
     *
     * @return one for each medium of the offer, in its order
     */
    public static List<AgreedMedia> received(Offer offer) {
        Taken taken = new Taken();
        return offer.media().stream().map(taken::one).toList();
    }

    /**
     * Chooses of media that a peer wants to be sent: the first picture and the first sound that can be played as the stream has them.
     *
     * @param picture what the stream's is, as its packets are described; empty when it has none
     * @param sound the same
     * @return one for each medium of the offer, in its order
     */
    public static List<AgreedMedia> sent(Offer offer, Optional<PayloadFormat> picture, Optional<PayloadFormat> sound) {
        return new SentMedia(picture, sound).choose(offer);
    }

    /** One picture and one sound. */
    private static final class Taken {
        private boolean video;
        private boolean audio;

        AgreedMedia one(MediaDescription offered) {
            boolean sends =
                    offered.direction() == SdpDirection.SENDONLY || offered.direction() == SdpDirection.SENDRECV;
            boolean open = sends && isOpen(offered);
            if (open && offered.kind().equals("video") && !video) {
                Optional<PayloadFormat> format = picture(offered.formats());
                video = format.isPresent();
                return agreed(offered, format);
            }
            if (open && offered.kind().equals("audio") && !audio) {
                Optional<PayloadFormat> format = sound(offered.formats());
                audio = format.isPresent();
                return agreed(offered, format);
            }
            return none(offered);
        }
    }

    /** It is meant, and encrypted as browsers do. */
    static boolean isOpen(MediaDescription offered) {
        return PROTOCOLS.contains(offered.protocol().toUpperCase(Locale.ROOT))
                && (offered.port() != 0 || offered.attribute("bundle-only").isPresent());
    }

    /** What all players show before what fewer do; among equals, as the peer likes it. */
    private static Optional<PayloadFormat> picture(List<PayloadFormat> formats) {
        return formats.stream()
                .filter(format -> carried(format, VIDEO_CLOCK) && pictureRank(format) < Integer.MAX_VALUE)
                .min(Comparator.comparingInt(AgreedMedia::pictureRank));
    }

    private static int pictureRank(PayloadFormat format) {
        return switch (format.encoding().toUpperCase(Locale.ROOT)) {
            case "H264" -> {
                String profile =
                        format.parameter("profile-level-id").orElse("42e01f").toLowerCase(Locale.ROOT);
                int found = profile.length() < 4 ? -1 : PROFILES.indexOf(profile.substring(0, 4));
                int mode = format.number("packetization-mode", 0) == 1 ? 0 : PROFILES.size() + 1;
                yield mode + (found < 0 ? PROFILES.size() : found);
            }
            case "AV1", "VP9", "H265" -> 100;
            case "VP8" -> 200;
            default -> Integer.MAX_VALUE;
        };
    }

    private static Optional<PayloadFormat> sound(List<PayloadFormat> formats) {
        return Stream.of("opus", "PCMA", "PCMU")
                .flatMap(name -> formats.stream()
                        .filter(format ->
                                format.isCalled(name) && carried(format, name.equals("opus") ? 48_000 : 8_000)))
                .findFirst();
    }

    static boolean carried(PayloadFormat format, int clockRate) {
        boolean likeRtcp = format.payloadType() >= FIRST_OF_RTCP && format.payloadType() <= LAST_OF_RTCP;
        return format.clockRate() == clockRate && !likeRtcp;
    }

    static AgreedMedia agreed(MediaDescription offered, Optional<PayloadFormat> format) {
        if (format.isEmpty()) {
            return none(offered);
        }
        int payloadType = format.get().payloadType();
        OptionalInt retransmission = offered.formats().stream()
                .filter(each -> each.isCalled("rtx") && each.number("apt", -1) == payloadType)
                .mapToInt(PayloadFormat::payloadType)
                .findFirst();
        List<String> feedback = KNOWN.stream()
                .filter(known -> offered.attributes().stream()
                        .anyMatch(each -> each.name().equals("rtcp-fb")
                                && (each.value().equals(payloadType + " " + known)
                                        || each.value().equals("* " + known))))
                .toList();
        OptionalInt transport =
                feedback.contains(TRANSPORT) ? extension(offered, TRANSPORT_EXTENSION) : OptionalInt.empty();
        return new AgreedMedia(
                offered, format, retransmission, feedback, transport, OptionalInt.empty(), Optional.empty());
    }

    /** RFC 8285 §5: {@code extmap:NUMBER[/DIRECTION] ADDRESS}. */
    static OptionalInt extension(MediaDescription offered, String name) {
        return offered.attributes().stream()
                .filter(each -> each.name().equals("extmap"))
                .map(each -> each.value().split("\\s+", -1))
                .filter(words -> words.length >= 2 && words[1].equals(name))
                .map(words -> words[0].replaceFirst("/.*", ""))
                .filter(number -> number.matches("[1-9]|1[0-4]"))
                .mapToInt(Integer::parseInt)
                .findFirst();
    }
}
