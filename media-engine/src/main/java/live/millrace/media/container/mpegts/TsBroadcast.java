// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * A transport stream that many read, who come at any time. Its tables stand before each random access point of the picture, so that whoever
 * begins there has them in their place, and no counter jumps; where there is no picture, whoever comes is given {@linkplain #configuration
 * tables} of his own. Tracks that have no place in it are left out. Not thread-safe.
 */
public final class TsBroadcast {
    private final TsMuxer muxer;
    private List<Track> tracks = List.of();
    private boolean hasVideo;
    private boolean restarted;

    /** The sound became another between two pictures that go together: the tables that say so belong there. */
    private boolean changed;

    public TsBroadcast(ByteBufAllocator alloc) {
        this.muxer = new TsMuxer(alloc);
    }

    /** What the following frames belong to; writes nothing. */
    public void tracks(List<Track> all) {
        List<Track> carried =
                all.stream().filter(track -> TsMuxer.carries(track.format())).toList();
        List<Track> pictures = pictures(carried);
        changed = !pictures.isEmpty() && pictures.equals(pictures(tracks)) && !carried.equals(tracks);
        tracks = carried;
        hasVideo = !pictures.isEmpty();
        muxer.tracks(carried);
        restarted = true;
    }

    private static List<Track> pictures(List<Track> of) {
        return of.stream().filter(Track::isVideo).toList();
    }

    /** Writes the tables, unless they stand before the next picture that can be begun with. */
    public void configuration(ByteBuf out) {
        if (!hasVideo || changed) {
            tables(out);
        }
    }

    private void tables(ByteBuf out) {
        muxer.startSegment(restarted, out);
        restarted = false;
        changed = false;
    }

    /** Writes one access unit; the frame is borrowed. */
    public void write(MediaFrame frame, ByteBuf out) {
        if (TsMuxer.carries(frame.track().format())) {
            if (frame.track().isVideo() && frame.randomAccessPoint()) {
                tables(out);
            }
            muxer.write(frame, out);
        }
    }
}
