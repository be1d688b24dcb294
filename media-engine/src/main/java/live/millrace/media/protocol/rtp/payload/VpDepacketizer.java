// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Optional;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * VP8 and VP9, whose packets have a descriptor before their part of a picture: it is read past, and all parts of a time go into one access
 * unit. A lost packet costs all up to the next key frame, which shows itself.
 */
abstract class VpDepacketizer extends Depacketizer {
    private TrackFormat.@Nullable Video format;
    private @Nullable ByteBuf picture;
    private long time;
    private boolean waiting = true;

    VpDepacketizer(int trackId, FrameSink sink) {
        super(trackId, true, sink);
    }

    @Override
    void read(RtpPacket packet, long packetTime) {
        ByteBuf in = packet.payload().slice();
        boolean start = descriptor(in);
        if (picture != null && packetTime != time) {
            close(); // the marker is missing
        }
        ByteBuf now = picture;
        if (now == null) {
            if (!start) {
                waiting = true;
                return;
            }
            now = PooledByteBufAllocator.DEFAULT.buffer(in.readableBytes());
            picture = now;
            time = packetTime;
        }
        append(now, in);
        if (packet.marker()) {
            close();
        }
    }

    /** Reads past the descriptor; whether a picture starts with what follows. */
    abstract boolean descriptor(ByteBuf in);

    /** The format that a key frame, whose index is not moved, tells; empty when it is none. */
    abstract Optional<? extends TrackFormat.Video> keyFrame(ByteBuf picture);

    private void close() {
        ByteBuf whole = picture;
        picture = null;
        if (whole == null) {
            return;
        }
        try {
            // Not the descriptor's word, which senders set as they like.
            Optional<? extends TrackFormat.Video> found = keyFrame(whole);
            boolean key = found.isPresent();
            if (key) {
                format = found.get();
            }
            waiting &= !key;
            TrackFormat.Video known = format;
            if (!waiting && known != null && whole.isReadable()) {
                frame(announced(known), time, 0, key, whole);
            }
        } finally {
            whole.release();
        }
    }

    @Override
    public void lost() {
        waiting = true;
        release();
    }

    @Override
    public void release() {
        ByteBuf part = picture;
        picture = null;
        if (part != null) {
            part.release();
        }
    }
}
