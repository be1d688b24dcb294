// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/** Frames to transport stream packets; tracks that have no place there are left out. */
final class SrtFeedEncoder implements FeedEncoder {
    private final TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);
    private boolean restarted;

    @Override
    public void tracks(List<Track> tracks) {
        muxer.tracks(
                tracks.stream().filter(track -> TsMuxer.carries(track.format())).toList());
        restarted = true;
    }

    @Override
    public void header(ByteBuf out) {
        // the tables are the configuration
    }

    @Override
    public void configuration(ByteBuf out) {
        muxer.startSegment(restarted, out);
        restarted = false;
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        if (TsMuxer.carries(frame.track().format())) {
            muxer.write(frame, out);
        }
    }
}
