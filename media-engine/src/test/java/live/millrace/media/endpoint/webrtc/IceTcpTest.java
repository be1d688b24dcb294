// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.stun.StunMessage;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a network lets no UDP through, a peer connects (RFC 6544). */
@Timeout(60)
class IceTcpTest {
    @TempDir
    Path directory;

    private MediaEngine engine;
    private WhipPeer peer;
    private TcpTunnel tunnel;
    private long millis;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(
                OpenEngine.config(directory).with(WebrtcConfig.defaults().at("127.0.0.1", 0)),
                EnginePorts.openToViewers(
                        _ -> CompletableFuture.completedStage(new PublishDecision.Granted("anna", "id")),
                        OpenEngine.SILENT,
                        OpenEngine.DEAF));
        peer = new WhipPeer(engine.port("http"));
        tunnel = new TcpTunnel(engine.port("webrtc-tcp"));
    }

    @AfterEach
    void close() throws Exception {
        tunnel.close();
        peer.close();
        engine.close();
    }

    private long frames() {
        return engine.control().stream("anna")
                .map(each -> each.statistics().frames())
                .orElse(0L);
    }

    private void sends() throws Exception {
        for (int i = 0; i < 12; i++) {
            peer.picture(i == 0, millis, i == 0 ? 8 : 1);
            peer.sound(millis);
            millis += 40;
        }
    }

    private String isLive() throws Exception {
        String session = peer.offers("key");
        peer.goesBy(tunnel.port());
        peer.connects();
        sends();
        Wait.until("pictures came over the connection", () -> frames() > 20);
        return session;
    }

    @Test
    void whatIsSentOverAConnectionIsOnAir() throws Exception {
        String session = isLive();
        Wait.until("reports come back over it", () -> !peer.heard.isEmpty());
        assertThat(peer.send("DELETE", session)).isEqualTo(200);
        Wait.until("it is over", () -> engine.endpoint(WebrtcEndpoint.class).connections() == 0);
    }

    @Test
    void aConnectionThatIsLostIsFollowedByAnother() throws Exception {
        isLive();
        long before = frames();
        tunnel.reconnect();
        peer.checks(true);
        sends();
        Wait.until("it goes on", () -> frames() > before + 10);
    }

    @Test
    void whoFindsUdpOpenAfterAllGoesOnThere() throws Exception {
        isLive();
        long before = frames();
        peer.goesBy(engine.port("webrtc"));
        peer.checks(true);
        tunnel.close();
        sends();
        Wait.until("it goes on", () -> frames() > before + 10);
    }

    @Test
    void theEndOfItsPeerIsTheEndOfAConnection() throws Exception {
        String session = peer.offers("key");
        try (Socket socket = connects()) {
            byte[] transaction = StunClient.transaction(new Random(3));
            frame(socket, ByteBufUtil.getBytes(peer.client().check(transaction, true)));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readUnsignedShort());
            assertThat(peer.client().isMine(StunMessage.parse(Unpooled.wrappedBuffer(answer)), transaction))
                    .isTrue();
            peer.send("DELETE", session);
            assertThat(rest(in)).isNotNull();
        }
    }

    // ---- strangers --------------------------------------------------------------------------------------------

    private Socket connects() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port("webrtc-tcp"));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void frame(Socket socket, byte[] packet) throws IOException {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(framed);
        out.writeShort(packet.length);
        out.write(packet);
        socket.getOutputStream().write(framed.toByteArray());
    }

    /** What comes until it is closed. */
    private static byte[] rest(DataInputStream in) throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\u0000\u0003abc",
                "\u0000\u0004\u0016abc",
                "\u0000\u0000",
                "\u00ff\u00ff"
            })
    void whoSendsSomethingElseFirstIsClosedWithoutAWord(String said) throws Exception {
        try (Socket socket = connects()) {
            socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(rest(new DataInputStream(socket.getInputStream()))).isEmpty();
        }
    }

    @Test
    void aCheckOfAStrangerIsNotAnswered() throws Exception {
        peer.offers("key");
        StunClient stranger = new StunClient("peer", "nobody", "some other password of 22");
        try (Socket socket = connects()) {
            frame(socket, ByteBufUtil.getBytes(stranger.check(StunClient.transaction(new Random(5)), true)));
            assertThat(rest(new DataInputStream(socket.getInputStream()))).isEmpty();
        }
    }
}
