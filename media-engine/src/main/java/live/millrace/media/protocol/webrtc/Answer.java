// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SdpDirection;

/**
 * What we answer an offer.
 *
 * @param id tells this session from others
 * @param ice ours
 * @param fingerprint of our certificate
 * @param side ours in the handshake
 * @param direction ours, of all media
 * @param candidates where we are to be found over UDP, the best first
 * @param connections where we wait for connections that take its place (RFC 6544), the best first
 * @param media one for each of the offer, in its order
 */
public record Answer(
        long id,
        IceCredentials ice,
        Fingerprint fingerprint,
        DtlsAssociation.Side side,
        SdpDirection direction,
        List<InetSocketAddress> candidates,
        List<InetSocketAddress> connections,
        List<AgreedMedia> media) {
    /** RFC 8445 §5.1.2.1: of a host's own address, for RTP; each further one a little less. */
    private static final int PRIORITY = 2_130_706_431;

    /** RFC 6544 §4.2: behind all of UDP. */
    private static final int TCP_PRIORITY = 1_671_430_143;

    private static final String END = "\r\n";

    public Answer {
        candidates = candidates.stream().distinct().toList();
        connections = connections.stream().distinct().toList();
        media = List.copyOf(media);
    }

    /** The description, as it goes over HTTP. */
    public String write() {
        StringBuilder out = new StringBuilder("v=0" + END);
        out.append("o=- ")
                .append(Long.toUnsignedString(id))
                .append(" 1 IN IP4 127.0.0.1")
                .append(END);
        out.append("s=-").append(END).append("t=0 0").append(END);
        out.append("a=ice-lite").append(END);
        String bundle = media.stream()
                .filter(each -> each.format().isPresent() || isQuiet(each))
                .flatMap(each -> each.offered().attribute("mid").stream())
                .collect(Collectors.joining(" "));
        if (!bundle.isEmpty()) {
            out.append("a=group:BUNDLE ").append(bundle).append(END);
        }
        out.append("a=msid-semantic: WMS *").append(END);
        media.forEach(each -> medium(each, out));
        return out.toString();
    }

    private void medium(AgreedMedia agreed, StringBuilder out) {
        boolean quiet = isQuiet(agreed);
        if (agreed.format().isEmpty() && !quiet) {
            turnedDown(agreed, out);
            return;
        }
        PayloadFormat format =
                agreed.format().orElseGet(() -> agreed.offered().formats().getFirst());
        int payloadType = format.payloadType();
        List<PayloadFormat> formats = new ArrayList<>(List.of(format));
        agreed.retransmission()
                .ifPresent(type -> agreed.offered().formats().stream()
                        .filter(each -> each.payloadType() == type)
                        .forEach(formats::add));
        out.append("m=")
                .append(agreed.offered().kind())
                .append(" 9 ")
                .append(agreed.offered().protocol());
        formats.forEach(each -> out.append(' ').append(each.payloadType()));
        out.append(END).append("c=IN IP4 0.0.0.0").append(END);
        agreed.offered().attribute("mid").ifPresent(mid -> attribute("mid", mid, out));
        attribute((quiet ? SdpDirection.INACTIVE : direction).name().toLowerCase(Locale.ROOT), "", out);
        attribute("rtcp-mux", "", out);
        agreed.offered().attribute("rtcp-rsize").ifPresent(none -> attribute("rtcp-rsize", "", out));
        formats.forEach(each -> each.write(out));
        agreed.feedback().forEach(each -> attribute("rtcp-fb", payloadType + " " + each, out));
        agreed.transportSequence()
                .ifPresent(number -> attribute("extmap", number + " " + AgreedMedia.TRANSPORT_EXTENSION, out));
        agreed.playoutDelay().ifPresent(number -> attribute("extmap", number + " " + AgreedMedia.DELAY_EXTENSION, out));
        agreed.source().ifPresent(source -> sent(agreed, source, out));
        attribute("setup", side == DtlsAssociation.Side.CLIENT ? "active" : "passive", out);
        attribute("ice-ufrag", ice.fragment(), out);
        attribute("ice-pwd", ice.password(), out);
        attribute("fingerprint", fingerprint.text(), out);
        for (int i = 0; i < candidates.size(); i++) {
            candidate(i + 1, "udp", PRIORITY - 256 * i, candidates.get(i), "", out);
        }
        for (int i = 0; i < connections.size(); i++) {
            candidate(
                    candidates.size() + i + 1,
                    "tcp",
                    TCP_PRIORITY - 256 * i,
                    connections.get(i),
                    " tcptype passive",
                    out);
        }
        attribute("end-of-candidates", "", out);
    }

    /**
     * Whether nothing is sent of what a viewer would take: sound, where the stream has none. It keeps its place beside what is sent. Turned
     * down, it would take that with it, where it stands first in the bundle (Chromium), or lack what must be there in any medium (aiortc).
     */
    private boolean isQuiet(AgreedMedia agreed) {
        return direction == SdpDirection.SENDONLY
                && agreed.format().isEmpty()
                && !agreed.offered().kind().equals("application")
                && !agreed.offered().formats().isEmpty()
                && AgreedMedia.isOpen(agreed.offered());
    }

    /** RFC 8839 §5.1, RFC 6544 §4.5. */
    private static void candidate(
            int foundation, String transport, int priority, InetSocketAddress at, String kind, StringBuilder out) {
        attribute(
                "candidate",
                "%d 1 %s %d %s %d typ host%s".formatted(foundation, transport, priority, host(at), at.getPort(), kind),
                out);
    }

    /** RFC 8830 §2, RFC 5576 §4.1, RFC 4588 §8.8. */
    private static void sent(AgreedMedia agreed, MediaSource source, StringBuilder out) {
        attribute("msid", source.stream() + " " + agreed.offered().kind(), out);
        String ssrc = Integer.toUnsignedString(source.ssrc());
        if (agreed.retransmission().isPresent()) {
            attribute("ssrc-group", "FID " + ssrc + " " + Integer.toUnsignedString(source.retransmissionSsrc()), out);
        }
        // The first of them is what Chromium takes for the media's own.
        attribute("ssrc", ssrc + " cname:" + source.canonicalName(), out);
        if (agreed.retransmission().isPresent()) {
            attribute(
                    "ssrc",
                    Integer.toUnsignedString(source.retransmissionSsrc()) + " cname:" + source.canonicalName(),
                    out);
        }
    }

    private static void turnedDown(AgreedMedia agreed, StringBuilder out) {
        out.append("m=")
                .append(agreed.offered().kind())
                .append(" 0 ")
                .append(agreed.offered().protocol());
        String format = agreed.offered().kind().equals("application")
                ? "webrtc-datachannel"
                : agreed.offered().formats().stream()
                        .findFirst()
                        .map(each -> Integer.toString(each.payloadType()))
                        .orElse("0");
        out.append(' ').append(format).append(END).append("c=IN IP4 0.0.0.0").append(END);
        agreed.offered().attribute("mid").ifPresent(mid -> attribute("mid", mid, out));
        attribute("inactive", "", out);
    }

    private static void attribute(String name, String value, StringBuilder out) {
        out.append("a=").append(name);
        if (!value.isEmpty()) {
            out.append(':').append(value);
        }
        out.append(END);
    }

    private static String host(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return address.getAddress() instanceof Inet6Address && zone > 0 ? text.substring(0, zone) : text;
    }
}
