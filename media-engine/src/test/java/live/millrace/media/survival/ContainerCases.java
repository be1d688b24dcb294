// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.RtpServers;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.Wait;

/** Transport streams by HTTP, and program streams over RTP, that break their formats. */
final class ContainerCases {
    private static final int PACKET = 188;
    private static final int SYNC = 0x47;

    private ContainerCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        upload(cases, "2 MB of noise", "415", noise(2 << 20));
        upload(cases, "packets of every PID and no table", "415", everyPid());
        upload(cases, "half a packet", "415", new byte[] {SYNC, 0x40, 0, 0x10});
        upload(cases, "a PES packet of 8 MB without an end", "4", endless());
        upload(cases, "a stream with every tenth byte flipped", "", flipped());
        cases.add(new SurvivalCase("ts", "an upload of which nothing comes", scene -> {
            String channel = scene.channel();
            try (Socket socket = scene.hls().socket()) {
                head(socket, channel);
                assertThat(HlsReader.readAll(socket.getInputStream())).contains(" 408 ");
            }
            scene.awaitTold(channel + " ended NO_MEDIA");
            return "408";
        }));
        cases.add(new SurvivalCase("ts", "chunks that are none", scene -> {
            String channel = scene.channel();
            try (Socket socket = scene.hls().socket()) {
                head(socket, channel);
                socket.getOutputStream().write("zz\r\nnonsense".getBytes(StandardCharsets.US_ASCII));
                HlsReader.readAll(socket.getInputStream());
            }
            scene.awaitTold(channel + " ended CONNECTION_LOST");
            return "closed";
        }));
        cases.add(new SurvivalCase("ps", "1 MB of noise on a port for program streams", scene -> {
            String channel = scene.channel();
            RtpServers servers = scene.engine().endpoint(RtpServers.class);
            int port = servers.open(new RtpServers.Opening(
                            channel, StreamPath.of("rtp", channel).orElseThrow(), 0, true, false, Optional.empty()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(noise(1 << 20));
            }
            Wait.until(
                    "nobody sends", () -> !servers.find(channel).orElseThrow().live());
            assertThat(servers.close(channel)).isTrue();
            return "closed";
        }));
        return cases;
    }

    private static void upload(List<SurvivalCase> cases, String name, String status, byte[] body) {
        cases.add(new SurvivalCase("ts", name, scene -> {
            String channel = scene.channel();
            String answer;
            try (Socket socket = scene.hls().socket()) {
                head(socket, channel);
                try {
                    send(socket.getOutputStream(), body);
                } catch (IOException cut) {
                    // answered in the middle
                }
                answer = HlsReader.readAll(socket.getInputStream());
            }
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            return answer.substring(9, 12);
        }));
    }

    private static void head(Socket socket, String channel) throws IOException {
        String head = "PUT /live/" + channel + ".ts?key=" + Scene.KEY + channel
                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(OutputStream out, byte[] body) throws IOException {
        for (int at = 0; at < body.length; at += 60_000) {
            int length = Math.min(60_000, body.length - at);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static byte[] everyPid() {
        ByteBuf out = Unpooled.buffer();
        for (int pid = 1; pid < 8_192; pid++) {
            out.writeByte(SYNC).writeShort(0x4000 | pid).writeByte(0x10).writeZero(PACKET - 4);
        }
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] reference() {
        try (InputStream in = ContainerCases.class.getResourceAsStream("/golden/ts/h264-aac.ts.bin")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tables of a real stream, and then one picture that never ends. */
    private static byte[] endless() {
        ByteBuf out = Unpooled.buffer().writeBytes(reference(), 0, 3 * PACKET);
        int counter = 0;
        for (int i = 0; i < (8 << 20) / PACKET; i++) {
            out.writeByte(SYNC).writeShort((i == 0 ? 0x4000 : 0) | 0x100).writeByte(0x10 | (counter++ & 15));
            int from = out.writerIndex();
            if (i == 0) {
                out.writeBytes(ByteBufUtil.decodeHexDump("000001e0000080800521000100010000000165"));
            }
            while (out.writerIndex() - from < PACKET - 4) {
                out.writeByte(0x5A);
            }
        }
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] flipped() {
        byte[] bytes = reference();
        for (int i = 0; i < bytes.length; i += 10) {
            if (i % PACKET != 0) {
                bytes[i] ^= 0x55;
            }
        }
        return bytes;
    }
}
