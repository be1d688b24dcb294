// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VP8 by Enhanced RTMP (FourCC {@code vp08}), which no encoder sends that is known: published, listed, and named as no page's picture. */
class EnhancedVp8Test {
    /** RTMP §7.1.5. */
    private static final int VIDEO = 9;

    private static final int CHUNK_STREAM = 6;
    private static final int FRAME_MILLIS = 10;
    private static final int KEY_INTERVAL = 25;

    @TempDir
    Path directory;

    private long sent;

    private static ByteBuf tag(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    private void frame(RtmpScript encoder) throws IOException {
        boolean key = sent % KEY_INTERVAL == 0;
        encoder.send(
                CHUNK_STREAM,
                VIDEO,
                1,
                sent * FRAME_MILLIS,
                tag(key ? "91 76703038 300000 9d012a 4001b400 00" : "a1 76703038 310000 00"));
        sent++;
    }

    @Test
    void itIsPublishedAndListed() throws Exception {
        try (MediaEngine engine = OpenEngine.start(OpenEngine.config(directory));
                RtmpScript encoder = new RtmpScript(engine.port("rtmp"))) {
            encoder.handshake().connect("live");
            assertThat(encoder.publish("anna")).isEqualTo("NetStream.Publish.Start");
            encoder.send(CHUNK_STREAM, VIDEO, 1, 0, tag("90 76703038 000a8202 02020000"));
            // Whether there will be sound is waited for as long as frames come.
            Wait.until("it is live", () -> {
                frame(encoder);
                return status(engine)
                        .filter(status -> status.state() == StreamState.LIVE)
                        .isPresent();
            });
            StreamStatus.Video video =
                    status(engine).flatMap(StreamStatus::video).orElseThrow();
            assertThat(video.codec() + " " + video.codecString() + " " + video.width() + "x" + video.height())
                    .isEqualTo("VP8 vp08.00.10.08 320x180");
            assertThat(video.inSegments()).as("pages show it").isFalse();
        }
    }

    private static Optional<StreamStatus> status(MediaEngine engine) {
        return engine.control().stream("anna");
    }
}
