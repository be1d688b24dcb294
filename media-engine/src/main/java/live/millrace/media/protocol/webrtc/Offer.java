// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.SdpAttribute;
import live.millrace.media.protocol.sdp.SdpParser;
import live.millrace.media.protocol.sdp.SessionDescription;

/**
 * What a peer offers. Its candidates are not looked at: an agent that is ICE-lite learns where its peer is from the checks that it sends, and
 * OBS names none.
 *
 * @param ice the peer's
 * @param fingerprints what its certificate may be, at least one
 * @param side ours in the handshake
 * @param media in the offer's order, at least one
 */
public record Offer(
        IceCredentials ice, List<Fingerprint> fingerprints, DtlsAssociation.Side side, List<MediaDescription> media) {
    /** The bytes that an offer may have; Chromium's with all codecs have some 8 KiB. */
    public static final int MAX_LENGTH = 64 * 1024;

    private static final int MAX_FINGERPRINTS = 8;

    public Offer {
        fingerprints = List.copyOf(fingerprints);
        media = List.copyOf(media);
    }

    /**
     * Reads an offer.
     *
     * @throws MalformedSdpException if it is none that can be answered; its message says why, and goes back to the peer
     */
    public static Offer parse(String sdp) {
        SessionDescription description = SdpParser.parse(sdp);
        if (description.media().isEmpty()) {
            throw new MalformedSdpException("the offer has no media");
        }
        String fragment = find(description, "ice-ufrag").orElse("");
        String password = find(description, "ice-pwd").orElse("");
        IceCredentials ice = IceCredentials.of(fragment, password)
                .orElseThrow(() -> new MalformedSdpException("the offer has no ice-ufrag and ice-pwd"));
        List<Fingerprint> fingerprints = everywhere(description, "fingerprint")
                .limit(MAX_FINGERPRINTS)
                .flatMap(value -> Fingerprint.parse(value).stream())
                .distinct()
                .toList();
        if (fingerprints.isEmpty()) {
            throw new MalformedSdpException("the offer has no fingerprint by sha-256");
        }
        // RFC 8842 §5.3: who wants to wait is called first.
        DtlsAssociation.Side side = find(description, "setup").orElse("actpass").equals("passive")
                ? DtlsAssociation.Side.CLIENT
                : DtlsAssociation.Side.SERVER;
        return new Offer(ice, fingerprints, side, description.media());
    }

    /** What counts for the transport of all: of the first medium of the bundle, before the session's, before any other's. */
    private static Optional<String> find(SessionDescription description, String attribute) {
        return first(description)
                .flatMap(medium -> medium.attribute(attribute))
                .or(() -> everywhere(description, attribute).findFirst());
    }

    /** RFC 8843 §7.2.1: the medium whose name stands first in the bundle. Without one, the first. */
    private static Optional<MediaDescription> first(SessionDescription description) {
        String name = description.attributes().stream()
                .filter(each -> each.name().equals("group") && each.value().startsWith("BUNDLE "))
                .map(each -> each.value().split("\\s+", 3)[1])
                .findFirst()
                .orElse("");
        return description.media().stream()
                .filter(each -> each.attribute("mid").filter(name::equals).isPresent())
                .findFirst()
                .or(() -> description.media().stream().findFirst());
    }

    private static Stream<String> everywhere(SessionDescription description, String attribute) {
        return Stream.concat(
                        description.attributes().stream(),
                        description.media().stream().flatMap(each -> each.attributes().stream()))
                .filter(each -> each.name().equals(attribute))
                .map(SdpAttribute::value);
    }
}
