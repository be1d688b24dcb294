// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import live.millrace.media.container.mpegps.PsScript;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cameras that send program streams over RTP, as platforms for GB/T 28181 have them do. */
class RtpServersTest {
    private static final StreamPath PATH =
            StreamPath.of("rtp", "34020000001320000001").orElseThrow();
    private static final String KEY =
            "0000000167" + SampleMedia.SPS.substring(2) + "00000001" + SampleMedia.PPS + "0000000165888001";
    private static final String NEXT = "00000001419a8002";
    private static final int PAYLOAD = 1_400;
    private static final int SSRC = 200_000_001;

    @TempDir
    Path directory;

    private MediaEngine engine;
    private int sequence = 65_500;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(OpenEngine.config(directory));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private int open(boolean connections, Optional<Integer> ssrc) throws Exception {
        return engine.endpoint(RtpServers.class)
                .open(new RtpServers.Opening(PATH.name(), PATH, 0, connections, false, ssrc))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private long frames() {
        return engine.control().stream(PATH)
                .map(status -> status.statistics().frames())
                .orElse(0L);
    }

    /** A picture and its sound as the packets of one pack. */
    private byte[][] pack(int number, int ssrc) {
        ByteBuf pack = Unpooled.buffer().writeBytes(PsScript.pack(0));
        if (number % 10 == 0) {
            pack.writeBytes(PsScript.system()).writeBytes(PsScript.map(0x1B, 0x90));
        }
        pack.writeBytes(PsScript.pes(
                0xE0, number * 3_600L, PsScript.hex((number % 10 == 0 ? KEY : NEXT) + "a5".repeat(3_000))));
        pack.writeBytes(PsScript.pes(0xC0, number * 3_600L, Unpooled.buffer().writeZero(320)));
        byte[][] packets = new byte[(pack.readableBytes() + PAYLOAD - 1) / PAYLOAD][];
        for (int i = 0; i < packets.length; i++) {
            ByteBuf packet = Unpooled.buffer();
            RtpPacket.writeHeader(i == packets.length - 1, 96, sequence++ & 0xFFFF, number * 3_600L, ssrc, packet);
            packet.writeBytes(pack, Math.min(PAYLOAD, pack.readableBytes()));
            packets[i] = new byte[packet.readableBytes()];
            packet.readBytes(packets[i]);
        }
        return packets;
    }

    private static void send(DatagramSocket socket, int port, byte[] packet) throws IOException {
        socket.send(new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port));
    }

    private static byte[] framed(byte[] packet) {
        ByteBuf framed = Unpooled.buffer().writeShort(packet.length).writeBytes(packet);
        byte[] bytes = new byte[framed.readableBytes()];
        framed.readBytes(bytes);
        return bytes;
    }

    /** A report comes before any media (ZLMediaKit #2247). */
    @Test
    void datagramsAreABroadcastAndTheEndOfThePortIsItsEnd() throws Exception {
        int port = open(false, Optional.empty());
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] report = new byte[28];
            report[0] = (byte) 0x80;
            report[1] = (byte) 200;
            report[3] = 6;
            send(socket, port, report);
            for (int i = 0; i < 51; i++) {
                for (byte[] packet : pack(i, SSRC)) {
                    send(socket, port, packet);
                }
            }
            Wait.until("frames", () -> frames() >= 50);
            assertThat(engine.endpoint(RtpServers.class)
                            .find(PATH.name())
                            .orElseThrow()
                            .live())
                    .isTrue();
            assertThat(engine.control().stream(PATH)
                            .orElseThrow()
                            .video()
                            .orElseThrow()
                            .codec())
                    .isEqualTo("H.264");
        }
        assertThat(engine.endpoint(RtpServers.class).close(PATH.name())).isTrue();
        Wait.until(
                "nobody publishes",
                () -> engine.control().stream(PATH)
                        .flatMap(status -> status.publisher())
                        .isEmpty());
        assertThat(engine.endpoint(RtpServers.class).all()).isEmpty();
    }

    /** ZLMediaKit #3332: bytes are lost in the camera, in the middle of a packet. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aConnectionIsFoundAgainBehindABreak(int seed) throws Exception {
        int port = open(true, Optional.empty());
        Random random = new Random(seed);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            for (int i = 0; i < 40; i++) {
                for (byte[] packet : pack(i, SSRC)) {
                    byte[] bytes = framed(packet);
                    int from = i == 15 ? 1 + random.nextInt(bytes.length - 1) : 0;
                    socket.getOutputStream().write(bytes, from, bytes.length - from);
                }
            }
            socket.getOutputStream().flush();
        }
        // Pictures of the group that was broken are missing, and no others.
        Wait.until("frames", () -> frames() >= 2 * 33 + 3);
        Wait.until(
                "nobody sends",
                () -> !engine.endpoint(RtpServers.class)
                        .find(PATH.name())
                        .orElseThrow()
                        .live());
    }

    /** The source changes in the middle, or is another than the platform said: what arrives counts. */
    @Test
    void theSourceMayChange() throws Exception {
        int port = open(false, Optional.empty());
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 32; i++) {
                for (byte[] packet : pack(i, i < 10 ? SSRC : 7)) {
                    send(socket, port, packet);
                }
            }
            Wait.until("frames", () -> frames() >= 36);
        }
    }

    @Test
    void anotherSourceThanTheOneAskedForIsNotHeard() throws Exception {
        int port = open(false, Optional.of(SSRC));
        try (DatagramSocket socket = new DatagramSocket();
                DatagramSocket stranger = new DatagramSocket()) {
            for (int i = 0; i < 20; i++) {
                for (byte[] packet : pack(i, 9)) {
                    send(stranger, port, packet);
                }
            }
            for (int i = 0; i < 32; i++) {
                for (byte[] packet : pack(i, SSRC)) {
                    send(socket, port, packet);
                }
            }
            Wait.until("frames", () -> frames() >= 36);
            assertThat(frames()).isLessThanOrEqualTo(2 * 32);
        }
    }

    @Test
    void anIdIsOpenOnce() throws Exception {
        open(true, Optional.empty());
        assertThatThrownBy(() -> open(true, Optional.empty())).isInstanceOf(IllegalArgumentException.class);
        assertThat(engine.endpoint(RtpServers.class).close("nothing")).isFalse();
    }

    @Test
    void aPortThatIsTakenCannotBeHad() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> engine.endpoint(RtpServers.class)
                            .open(new RtpServers.Opening(
                                    "other", PATH, taken.getLocalPort(), false, false, Optional.empty()))
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThat(engine.endpoint(RtpServers.class).all()).isEmpty();
    }

    /** A port takes few connections: those that bring nothing must not keep a camera out. */
    @Test
    void connectionsThatBringNothingGiveTheirPlaces() throws Exception {
        int port = open(true, Optional.empty());
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            for (Socket each : silent) {
                each.setSoTimeout(20_000);
                assertThat(each.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
    }

    /** Who is sent away, and sends on, is taken again after a while. */
    @Test
    void aSenderThatWasSentAwayIsTakenAgain() throws Exception {
        int port = open(false, Optional.empty());
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 21; i++) {
                for (byte[] packet : pack(i, SSRC)) {
                    send(socket, port, packet);
                }
            }
            Wait.until("frames", () -> frames() >= 20);
            engine.control().end(PATH);
            Wait.until("nobody is live", () -> !view().live());
            int[] number = {21};
            Wait.until("it is live again", () -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(40));
                for (byte[] packet : pack(number[0]++, SSRC)) {
                    send(socket, port, packet);
                }
                return view().live() && frames() > 0;
            });
        }
    }

    private RtpServers.Open view() {
        return engine.endpoint(RtpServers.class).find(PATH.name()).orElseThrow();
    }
}
