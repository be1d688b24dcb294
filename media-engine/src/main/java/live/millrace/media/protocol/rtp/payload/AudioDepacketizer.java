// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/** What payload formats of sound share: times in the track's scale, and a frame in the making. */
abstract class AudioDepacketizer extends Depacketizer {
    private final int clockRate;

    /** A frame that came in part. */
    private @Nullable ByteBuf part;

    AudioDepacketizer(int trackId, int clockRate, FrameSink sink) {
        super(trackId, false, sink);
        this.clockRate = clockRate;
    }

    /**
     * Hands over a frame.
     *
     * @param time of the packet, in units of its clock
     * @param samplesBefore in the packet, in units of the track
     */
    final void sound(TrackFormat.Audio format, long time, long samplesBefore, ByteBuf payload) {
        Track track = announced(format);
        frame(track, Timescale.convert(time, clockRate, track.timescale()) + samplesBefore, 0, true, payload);
    }

    /** The frame in the making with these bytes behind it. */
    final ByteBuf continued(ByteBuf bytes) {
        ByteBuf now = part;
        if (now == null) {
            now = PooledByteBufAllocator.DEFAULT.buffer(bytes.readableBytes());
            part = now;
        }
        append(now, bytes);
        return now;
    }

    final boolean inPart() {
        return part != null;
    }

    final int partBytes() {
        ByteBuf now = part;
        return now == null ? 0 : now.readableBytes();
    }

    @Override
    public void lost() {
        ByteBuf now = part;
        part = null;
        if (now != null) {
            now.release();
        }
    }
}
