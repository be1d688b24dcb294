// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtsp.RtspDecoder;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import org.junit.jupiter.api.Test;

/** Whatever a camera answers costs no more than the conversation, which ends once, and leaves no buffer behind. */
class ConversationFuzzTest {
    private static final EventLoop LOOP = new DefaultEventLoop();

    private static final String ANSWERS = """
            RTSP/1.0 200 OK
            CSeq: 1
            Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER

            RTSP/1.0 401 Unauthorized
            CSeq: 2
            WWW-Authenticate: Digest realm="r", nonce="n", stale=true

            RTSP/1.0 200 OK
            CSeq: 3
            Content-Base: rtsp://10.0.0.1/live/
            Content-Length: 98

            v=0
            m=video 0 RTP/AVP 96
            a=rtpmap:96 H264/90000
            a=control:a
            m=audio 0 RTP/AVP 8
            a=control:b

            RTSP/1.0 200 OK
            CSeq: 4
            Session: 1;timeout=6
            Transport: RTP/AVP/TCP;unicast;interleaved=0-1

            RTSP/1.0 200 OK
            CSeq: 5
            Session: 1
            Transport: RTP/AVP/TCP;unicast;interleaved=2-3

            RTSP/1.0 200 OK
            CSeq: 6
            RTP-Info: url=rtsp://10.0.0.1/live/a;seq=1;rtptime=2

            """.replace("\n", "\r\n");

    private static final class Counting implements SourceProtocol.Listener {
        int described;
        int failed;
        int frames;

        @Override
        public void described(String peer, boolean pictures, boolean sound) {
            described++;
        }

        @Override
        public void track(Track track) {
            track.format().codecString();
        }

        @Override
        public void frame(MediaFrame frame) {
            frames++;
        }

        @Override
        public void failed(SourceFailure failure, String why) {
            failed++;
        }
    }

    private static Counting hear(byte[] answers, int cut) {
        Counting heard = new Counting();
        RtspConversation conversation = new RtspConversation(
                new SourceProtocol.Request(
                        new SourceAddress(
                                URI.create("rtsp://10.0.0.1/live"),
                                "user",
                                "password",
                                false,
                                SourceAddress.Reach.PRIVATE,
                                SourceAddress.USUAL_PATIENCE),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 554),
                        false,
                        LOOP,
                        new SourceProtocol.Sockets(NioSocketChannel.class, NioDatagramChannel.class)),
                heard);
        EmbeddedChannel channel = new EmbeddedChannel(new RtspDecoder(), conversation);
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(answers, 0, cut));
        }
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(answers, cut, answers.length - cut));
        }
        channel.advanceTimeBy(6, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        conversation.stop();
        channel.checkException();
        channel.finishAndReleaseAll();
        assertThat(heard.failed).isLessThanOrEqualTo(1);
        assertThat(heard.described).isLessThanOrEqualTo(1);
        return heard;
    }

    /** One that asks for datagrams would open real ports. */
    @FuzzTest(maxDuration = "60s")
    void anyAnswersAreHeardOrFailCleanly(byte[] bytes) {
        byte[] answers = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("461", "462")
                .getBytes(StandardCharsets.ISO_8859_1);
        hear(answers, answers.length / 2);
    }

    /** What the fuzzer begins with reaches the media. */
    @Test
    void aWholeConversationIsHeardHoweverItIsCut() {
        byte[] head = ANSWERS.getBytes(StandardCharsets.ISO_8859_1);
        // a frame of G.711 on the second track
        byte[] sound = Unpooled.buffer(100)
                .writeByte('$')
                .writeByte(2)
                .writeShort(12 + 80)
                .writeByte(0x80)
                .writeByte(8)
                .writeShort(1)
                .writeInt(160)
                .writeInt(7)
                .writeZero(80)
                .array();
        byte[] all = new byte[head.length + 96];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(sound, 0, all, head.length, 96);
        for (int cut = 0; cut <= all.length; cut += 7) {
            Counting heard = hear(all, cut);
            assertThat(heard.described).as("cut at %d", cut).isEqualTo(1);
            assertThat(heard.frames).as("cut at %d", cut).isEqualTo(1);
            assertThat(heard.failed).as("cut at %d", cut).isZero();
        }
    }
}
