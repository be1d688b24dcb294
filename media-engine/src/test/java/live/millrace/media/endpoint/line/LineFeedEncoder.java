// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.line;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/** Sound as lines. */
final class LineFeedEncoder implements FeedEncoder {
    private List<Track> tracks = List.of();

    @Override
    public void tracks(List<Track> newTracks) {
        tracks = newTracks;
    }

    @Override
    public void header(ByteBuf out) {}

    @Override
    public void configuration(ByteBuf out) {
        ByteBuf record = Unpooled.buffer();
        tracks.getFirst().format().writeConfiguration(record);
        line("sound " + ByteBufUtil.hexDump(record), out);
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        long millis = frame.decodeTime() * 1_000 / frame.track().timescale();
        line("frame " + millis + " " + ByteBufUtil.hexDump(frame.payload()), out);
    }

    private static void line(String words, ByteBuf out) {
        out.writeCharSequence(words + "\n", StandardCharsets.US_ASCII);
    }
}
