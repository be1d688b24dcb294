// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.source.SourceAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said to a camera that asks us something. */
class DialogueTest {
    private static final int MOST_WAITING = 2_048;

    /** A socket whose other side does not read: what is written stays. */
    private static final class Stuck extends ChannelOutboundHandlerAdapter {
        private boolean stuck = true;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!stuck) {
                ctx.flush();
            }
        }
    }

    private final Stuck line = new Stuck();
    private final EmbeddedChannel channel = new EmbeddedChannel(line);
    private final Dialogue dialogue = new Dialogue(
            channel,
            new SourceAddress(
                    URI.create("rtsp://10.0.0.1/live"),
                    "",
                    "",
                    false,
                    SourceAddress.Reach.PRIVATE,
                    SourceAddress.USUAL_PATIENCE),
            () -> {});

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void asked(int number) {
        dialogue.refuse(new RtspMessage.Request(
                "SET_PARAMETER",
                "rtsp://10.0.0.1/live",
                new RtspHeaders(List.of(new RtspHeaders.Header("CSeq", Integer.toString(number)))),
                ""));
    }

    private String next() {
        ByteBuf written = channel.readOutbound();
        if (written == null) {
            return "";
        }
        try {
            return written.toString(StandardCharsets.US_ASCII);
        } finally {
            written.release();
        }
    }

    private long waiting() {
        return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    @Test
    void itIsToldThatThatIsNotDoneHere() {
        line.stuck = false;
        asked(7);
        assertThat(next()).startsWith("RTSP/1.0 501 Not Implemented\r\n").contains("CSeq: 7\r\n");
        assertThat(dialogue.answered()).as("a sign of life").isTrue();
    }

    @Test
    void oneThatAsksForEverAndDoesNotReadFillsNoMemory() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_WAITING / 2, MOST_WAITING));
        for (int i = 0; i < 10_000; i++) {
            asked(i);
        }
        assertThat(channel.isWritable()).isFalse();
        assertThat(waiting()).isBetween((long) MOST_WAITING, 2L * MOST_WAITING);
        line.stuck = false;
        channel.flush();
        assertThat(next()).contains("CSeq: 0\r\n");
        while (!next().isEmpty()) {
            // what was said before it stopped reading
        }
        asked(10_000);
        assertThat(next()).as("it reads again").contains("CSeq: 10000\r\n");
    }
}
