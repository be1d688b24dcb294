// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.elementary.ElementaryStream;
import org.jspecify.annotations.Nullable;

/** The access units of one elementary stream as the frames of one track. Not thread-safe. */
public final class ElementaryTrack implements ElementaryStream.Units {
    /** A picture is shown at most so long after its decode time, in seconds; more is a broken stamp. */
    private static final int MAX_COMPOSITION_SECONDS = 10;

    private final int id;
    private final boolean video;
    private final FrameSink sink;
    private @Nullable Track track;
    private boolean leftOut;

    /** @param id of the track */
    public ElementaryTrack(int id, boolean video, FrameSink sink) {
        this.id = id;
        this.video = video;
        this.sink = sink;
    }

    /** Of the track. */
    public int id() {
        return id;
    }

    @Override
    public void unit(
            TrackFormat format, long decodeTime, long presentationTime, boolean randomAccessPoint, ByteBuf payload) {
        Track now = track;
        if (now == null || !format.continues(now.format())) {
            now = new Track(id, format);
            track = now;
            sink.track(now);
        }
        long offset = presentationTime - decodeTime;
        if (offset < 0 || offset > (long) MAX_COMPOSITION_SECONDS * format.timescale()) {
            // A presentation time before the decode time has no place in a PES header (ISO/IEC 13818-1 §2.7.5).
            offset = 0;
            sink.repaired(Repair.COMPOSITION_OFFSET);
        }
        sink.frame(new MediaFrame(now, decodeTime, (int) offset, randomAccessPoint, payload));
    }

    @Override
    public void broken(String what) {
        sink.repaired(Repair.MALFORMED_TAG);
    }

    @Override
    public void unsupported(String what) {
        sink.repaired(Repair.UNSUPPORTED_TAG);
        if (!leftOut) {
            leftOut = true;
            sink.leftOut(new LeftOut(video, what, LeftOut.Cause.UNSUPPORTED));
        }
    }
}
