// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import live.millrace.media.container.mpegts.TsBroadcast;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/** Frames to transport stream packets; tracks that have no place there are left out. One for all viewers of a stream, over whatever they come; used on the stream's thread. */
public final class TsFeedEncoder implements FeedEncoder {
    private final TsBroadcast stream = new TsBroadcast(PooledByteBufAllocator.DEFAULT);

    @Override
    public void tracks(List<Track> tracks) {
        stream.tracks(tracks);
    }

    @Override
    public void header(ByteBuf out) {
        // the tables are the configuration
    }

    @Override
    public void configuration(ByteBuf out) {
        stream.configuration(out);
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        stream.write(frame, out);
    }
}
