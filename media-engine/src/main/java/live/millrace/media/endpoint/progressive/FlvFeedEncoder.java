// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.progressive;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.container.flv.FlvTagBodies;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/** Frames to FLV tags. */
final class FlvFeedEncoder implements FeedEncoder {
    private List<Track> tracks = List.of();
    private long millis;

    @Override
    public void tracks(List<Track> newTracks) {
        tracks = newTracks;
    }

    @Override
    public void header(ByteBuf out) {
        FlvMuxer.fileHeader(tracks, out);
    }

    @Override
    public void configuration(ByteBuf out) {
        FlvMuxer.configuration(tracks, millis, out);
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        millis = FlvTagBodies.millis(frame);
        FlvMuxer.frame(frame, out);
    }
}
