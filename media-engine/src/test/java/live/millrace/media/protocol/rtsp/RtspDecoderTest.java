// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import live.millrace.media.protocol.sdp.SdpParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RTSP on the wire (RFC 2326 §4 to §7, §10.12). */
class RtspDecoderTest {
    private static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Feeds bytes in pieces; each message as a line, frames with their bytes. */
    private static List<String> read(byte[] bytes, int... cuts) {
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder());
        List<String> heard = new ArrayList<>();
        List<RtspMessage.Interleaved> kept = new ArrayList<>();
        try {
            int from = 0;
            for (int i = 0; i <= cuts.length; i++) {
                int to = i == cuts.length ? bytes.length : cuts[i];
                channel.writeInbound(
                        channel.alloc().buffer(Math.max(1, to - from)).writeBytes(bytes, from, to - from));
                from = to;
                RtspMessage message;
                while ((message = channel.readInbound()) != null) {
                    switch (message) {
                        case RtspMessage.Interleaved frame -> {
                            // Kept until all is read: nothing that comes later may change its bytes.
                            kept.add(frame);
                            heard.add("frame " + frame.channel() + " " + ByteBufUtil.hexDump(frame.payload()));
                        }
                        default -> heard.add(message.toString());
                    }
                }
            }
            List<String> again = kept.stream()
                    .map(frame -> "frame " + frame.channel() + " " + ByteBufUtil.hexDump(frame.payload()))
                    .toList();
            assertThat(heard.stream().filter(each -> each.startsWith("frame "))).containsExactlyElementsOf(again);
        } finally {
            kept.forEach(frame -> frame.payload().release());
            channel.finishAndReleaseAll();
        }
        return heard;
    }

    private static RtspMessage one(String text) {
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder());
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes(text)));
            RtspMessage message = channel.readInbound();
            assertThat(message).isNotNull();
            return message;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void readsRequests() {
        RtspMessage.Request request = (RtspMessage.Request) one("""

                ANNOUNCE rtsp://h/live/k?key=1 RTSP/1.0
                cseq: 2
                Content-type:application/sdp
                X-Folded: a
                  b
                Content-Length: 3

                v=0""");
        assertThat(request.method()).isEqualTo("ANNOUNCE");
        assertThat(request.uri()).isEqualTo("rtsp://h/live/k?key=1");
        assertThat(request.headers().sequence()).hasValue(2);
        assertThat(request.headers().get("CONTENT-TYPE")).contains("application/sdp");
        assertThat(request.headers().get("X-Folded")).contains("a b");
        assertThat(request.body()).isEqualTo("v=0");
    }

    /** Hikvision says each way to log in on a line of its own. */
    @Test
    void readsAnswers() {
        RtspMessage.Response response = (RtspMessage.Response) one("""
                RTSP/1.0 401 Client Error
                CSeq: 3
                WWW-Authenticate: Digest realm="IP Camera(1)", nonce="ab"
                WWW-Authenticate: Basic realm="IP Camera(1)"

                """);
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.reason()).isEqualTo("Client Error");
        assertThat(response.isSuccess()).isFalse();
        assertThat(response.headers().all("www-authenticate")).hasSize(2);
        assertThat(((RtspMessage.Response) one("RTSP/1.0 200\n\n")).isSuccess()).isTrue();
    }

    /** Dafang answers with another number (#983): read as any other, and its order decides. */
    @ParameterizedTest
    @ValueSource(strings = {"CSeq: 99", "CSeq: x", "CSeq:", "X: y"})
    void answersOfAnyNumberAreRead(String line) {
        assertThat(((RtspMessage.Response) one("RTSP/1.0 200 OK\n" + line + "\n\n")).status())
                .isEqualTo(200);
    }

    /** Media come before the answer to RECORD was sent, and between any two messages. */
    @Test
    void readsFramesBetweenMessages() {
        byte[] head = bytes("RTSP/1.0 200 OK\nCSeq: 4\n\n");
        ByteBuf all = Unpooled.buffer();
        all.writeBytes(new byte[] {'$', 1, 0, 2, 5, 6});
        all.writeBytes(head);
        all.writeBytes(new byte[] {'$', 0, 0, 0, '$', 0, 0, 3, '$', 'R', '\n'});
        all.writeBytes(bytes("OPTIONS * RTSP/1.0\n\n"));
        List<String> heard = read(ByteBufUtil.getBytes(all));
        assertThat(heard).hasSize(5);
        assertThat(heard.get(0)).isEqualTo("frame 1 0506");
        assertThat(heard.get(1)).startsWith("Response[status=200");
        assertThat(heard.get(2)).isEqualTo("frame 0 ");
        assertThat(heard.get(3)).isEqualTo("frame 0 24520a");
        assertThat(heard.get(4)).startsWith("Request[method=OPTIONS, uri=*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "hello\n\n",
                "OPTIONS *\n\n",
                "DESCRIBE rtsp://h/x\ry RTSP/1.0\n\n",
                "RTSP/1.0\n\n",
                "RTSP/1.0 99 x\n\n",
                "RTSP/1.0 two OK\n\n",
                "OPTIONS * RTSP/1.0\nno colon\n\n",
                "OPTIONS * RTSP/1.0\n: x\n\n",
                "OPTIONS * RTSP/1.0\nContent-Length: -1\n\n",
                "OPTIONS * RTSP/1.0\nContent-Length: 131073\n\n",
                "OPTIONS * RTSP/1.0\nContent-Length: x\n\n",
                "OPTIONS * RTSP/1.0\nContent-Length: 1\nContent-Length: 2\n\n",
            })
    void refusesWhatIsNotRtsp(String text) {
        refused(bytes(text));
    }

    private static void refused(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder());
        assertThatThrownBy(() -> {
                    channel.writeInbound(Unpooled.copiedBuffer(bytes));
                    channel.checkException();
                })
                .isInstanceOf(RtspProtocolException.class);
        // what follows is discarded
        channel.writeInbound(Unpooled.copiedBuffer(bytes("OPTIONS * RTSP/1.0\n\n")));
        assertThat(channel.<RtspMessage>readInbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void headsAreBounded() {
        refused(bytes("OPTIONS * RTSP/1.0\n" + "X: y\n".repeat(65) + "\n"));
        refused(bytes("OPTIONS * RTSP/1.0\nX: " + "y".repeat(17_000)));
        refused(bytes("OPTIONS * RTSP/1.0\nX: " + "y".repeat(17_000) + "\n\n"));
        assertThat(((RtspMessage.Request) one("OPTIONS * RTSP/1.0\n" + "X: y\n".repeat(64) + "\n"))
                        .headers()
                        .lines())
                .hasSize(64);
    }

    /** What FFmpeg 5.1 sends to record, with the log-in that was asked of it: whole, byte by byte, and cut anywhere. */
    @Test
    void anyCutReadsTheSame() throws IOException {
        byte[] recorded;
        try (InputStream in = getClass().getResourceAsStream("/golden/rtsp/ffmpeg-record.rtsp")) {
            recorded = in.readAllBytes();
        }
        List<String> whole = read(recorded);
        assertThat(whole).hasSizeGreaterThan(20);
        int[] everywhere = new int[recorded.length - 1];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(read(recorded, everywhere)).isEqualTo(whole);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int[] cuts = random.ints(random.nextInt(1, 60), 0, recorded.length)
                    .sorted()
                    .toArray();
            assertThat(read(recorded, cuts)).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void ffmpegLogsInAndAnnouncesWhatWeRead() throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder());
        try (InputStream in = getClass().getResourceAsStream("/golden/rtsp/ffmpeg-record.rtsp")) {
            channel.writeInbound(Unpooled.wrappedBuffer(in.readAllBytes()));
        }
        List<String> methods = new ArrayList<>();
        int frames = 0;
        RtspMessage message;
        while ((message = channel.readInbound()) != null) {
            switch (message) {
                case RtspMessage.Request request -> {
                    methods.add(request.method());
                    if (methods.size() > 2) { // the first ANNOUNCE was refused
                        Authorization.Answer answer = (Authorization.Answer) Authorization.parse(
                                        request.headers().get("Authorization").orElseThrow())
                                .orElseThrow();
                        assertThat(answer.user()).isEqualTo("herons");
                        assertThat(answer.nonce()).isEqualTo("abc0123");
                        assertThat(answer.matches("Millrace", "three quiet", request.method(), request.uri()))
                                .isTrue();
                        assertThat(answer.matches("Millrace", "three loud", request.method(), request.uri()))
                                .isFalse();
                    }
                    if (request.method().equals("ANNOUNCE")) {
                        assertThat(SdpParser.parse(request.body()).media()).hasSize(2);
                    }
                    if (request.method().equals("SETUP")) {
                        TransportHeader transport = TransportHeader.parse(
                                        request.headers().get("Transport").orElseThrow())
                                .getFirst();
                        assertThat(transport.record()).isTrue();
                        assertThat(transport.lower()).isEqualTo(TransportHeader.Lower.TCP);
                    }
                }
                case RtspMessage.Interleaved frame -> {
                    frames++;
                    frame.payload().release();
                }
                case RtspMessage.Response response -> throw new AssertionError(response);
            }
        }
        assertThat(methods).containsExactly("OPTIONS", "ANNOUNCE", "ANNOUNCE", "SETUP", "SETUP", "RECORD");
        assertThat(frames).isGreaterThan(15);
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsWrittenIsRead() {
        RtspMessage.Request request = new RtspMessage.Request(
                "ANNOUNCE",
                "rtsp://h/k",
                RtspHeaders.NONE.with("CSeq", "1").with("Content-Type", "application/sdp"),
                "v=0\r\ns=鹭\r\n");
        RtspMessage.Response response =
                new RtspMessage.Response(455, "Method Not Valid in This State", RtspHeaders.NONE.with("CSeq", "1"), "");
        ByteBuf out = Unpooled.buffer();
        RtspWriter.write(request, out);
        RtspWriter.writeFrameHeader(3, 2, out);
        out.writeShort(0xABCD);
        RtspWriter.write(response, out);
        List<String> heard = read(ByteBufUtil.getBytes(out));
        assertThat(heard)
                .containsExactly(
                        new RtspMessage.Request(
                                        request.method(),
                                        request.uri(),
                                        request.headers().with("Content-Length", "12"),
                                        request.body())
                                .toString(),
                        "frame 3 abcd",
                        response.toString());
        assertThatThrownBy(() -> RtspHeaders.NONE.with("X", "a\r\nSession: 1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RtspWriter.write(
                        new RtspMessage.Request("PLAY", "rtsp://h/\r\nX: y", RtspHeaders.NONE, ""), Unpooled.buffer()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder());
        try {
            // in two pieces, so that what waits is reached as well
            channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, bytes.length / 2));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, bytes.length / 2, bytes.length - bytes.length / 2));
            channel.checkException();
        } catch (RtspProtocolException expected) {
            // what a peer's mistake may cost
        }
        RtspMessage message;
        while ((message = channel.readInbound()) != null) {
            try {
                switch (message) {
                    case RtspMessage.Interleaved frame -> frame.payload().release();
                    case RtspMessage.Request request -> headers(request.headers());
                    case RtspMessage.Response response -> headers(response.headers());
                }
            } catch (RtspProtocolException expected) {
                // what a peer's mistake may cost
            }
        }
        channel.finishAndReleaseAll();
    }

    private static void headers(RtspHeaders headers) {
        headers.sequence();
        headers.get("RTP-Info").ifPresent(RtpInfo::parse);
        headers.get("Authorization")
                .flatMap(Authorization::parse)
                .ifPresent(login -> assertThat(login.toString()).doesNotContain("response"));
        new ClientLogin("a", "b").challenged(headers.all("WWW-Authenticate"));
        RtspAddresses.track(
                RtspAddresses.base("rtsp://h/", headers), headers.get("Control").orElse(""));
        headers.get("Session").ifPresent(SessionHeader::parse);
        headers.get("Transport").ifPresent(TransportHeader::parse);
    }
}
