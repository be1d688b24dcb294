// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Pattern;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Answer;
import live.millrace.media.protocol.webrtc.Offer;

/**
 * Answers offers, of publishers and of viewers: who we are, where we are to be found, and what a session is called. Confined to the event loop
 * of the port, but for what says otherwise.
 */
final class Answering {
    private static final int ID_BYTES = 16;
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,253}(:\\d{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:\\d{1,5})?");

    private final WebrtcPort port;
    private final Identities identities;
    private final HostAddresses addresses;
    private final Executor handshakes;
    private final SecureRandom random = new SecureRandom();
    private volatile boolean accepting = true;

    Answering(WebrtcPort port, Identities identities, HostAddresses addresses, Executor handshakes) {
        this.port = port;
        this.identities = identities;
        this.addresses = addresses;
        this.handshakes = handshakes;
    }

    WebrtcPort port() {
        return port;
    }

    /** Nobody comes in any more. From any thread. */
    void stopAccepting() {
        accepting = false;
    }

    /** Whether somebody still comes in. From any thread. */
    boolean isAccepting() {
        return accepting;
    }

    /** Goes on, on the event loop, when the certificate is there. From any thread. */
    <T> CompletionStage<T> withIdentity(Function<DtlsIdentity, CompletionStage<T>> then) {
        return identities.current().thenComposeAsync(then, port.socket().eventLoop());
    }

    /** What nobody guesses: 128 random bits. */
    String freshId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The number of the port that media goes by. */
    int udpPort() {
        return port.udpPort();
    }

    /** The connection to one whose offer is answered: its checks may come. */
    WebrtcConnection connect(Offer offer, DtlsIdentity identity, WebrtcConnection.Role role) {
        WebrtcConnection connection = new WebrtcConnection(port, offer, identity, handshakes, role);
        port.add(connection);
        port.tallies().connections().count(WebrtcTallies.Connection.ANSWERED);
        return connection;
    }

    /**
     * The answer to an offer.
     *
     * @param direction ours
     * @param session the path of its session
     */
    HttpAnswer accepted(
            HttpRequest request,
            String session,
            WebrtcConnection connection,
            Offer offer,
            SdpDirection direction,
            List<AgreedMedia> agreed,
            DtlsIdentity identity) {
        List<InetAddress> hosts =
                addresses.all(request.remoteAddress().getAddress().isLoopbackAddress());
        String sdp = new Answer(
                        random.nextLong() & Long.MAX_VALUE,
                        connection.ours(),
                        identity.fingerprint(),
                        offer.side(),
                        direction,
                        at(hosts, port.udpPort()),
                        at(hosts, port.tcpPort()),
                        agreed)
                .write();
        return HttpAnswer.text(HttpResponseStatus.CREATED, "application/sdp", sdp)
                .with("Location", location(request, session));
    }

    private static List<InetSocketAddress> at(List<InetAddress> hosts, int port) {
        return hosts.stream().map(each -> new InetSocketAddress(each, port)).toList();
    }

    /** Absolute, since some clients take it no other way (RFC 9725 §4.2 allows both). */
    private static String location(HttpRequest request, String path) {
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        if (!HOST.matcher(host).matches()) {
            return path;
        }
        boolean secure = request.encrypted()
                || request.headers().get("X-Forwarded-Proto", "").equalsIgnoreCase("https");
        return (secure ? "https://" : "http://") + host + path;
    }
}
