// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.vp9.Vp9;
import live.millrace.media.codec.vp9.Vp9FrameHeader;
import live.millrace.media.codec.vp9.VpCodecConfigurationRecord;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;

/** VP9 (RFC 9628), flexible or not: the descriptor is read past, the layers of a picture go into one access unit. */
final class Vp9Depacketizer extends Depacketizer {
    private static final int PICTURE_ID = 0x80;
    private static final int LAYERS = 0x20;
    private static final int FLEXIBLE = 0x10;
    private static final int START = 0x08;
    private static final int SCALABILITY = 0x02;

    /** §4.2: a picture refers to three others at most. */
    private static final int MAX_REFERENCES = 3;

    private Vp9.@Nullable Format format;
    private @Nullable ByteBuf picture;
    private long time;
    private boolean waiting = true;

    Vp9Depacketizer(int trackId, FrameSink sink) {
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

    /** §4.2; whether a frame starts with what follows. */
    private static boolean descriptor(ByteBuf in) {
        int first = in.readUnsignedByte();
        if ((first & PICTURE_ID) != 0 && (in.readByte() & 0x80) != 0) {
            in.skipBytes(1); // of 15 bits
        }
        boolean flexible = (first & FLEXIBLE) != 0;
        if ((first & LAYERS) != 0) {
            in.skipBytes(flexible ? 1 : 2); // TID, U, SID, D; TL0PICIDX
        }
        if (flexible && (first & 0x40) != 0) {
            for (int i = 0; i < MAX_REFERENCES && (in.readByte() & 1) != 0; i++) {
                // P_DIFF, and whether another follows
            }
        }
        if ((first & SCALABILITY) != 0) {
            int structure = in.readUnsignedByte();
            if ((structure & 0x10) != 0) {
                in.skipBytes(4 * ((structure >> 5) + 1)); // sizes of the layers
            }
            if ((structure & 0x08) != 0) {
                for (int pictures = in.readUnsignedByte(); pictures > 0; pictures--) {
                    in.skipBytes((in.readByte() >> 2) & 3);
                }
            }
        }
        return (first & START) != 0;
    }

    private void close() {
        ByteBuf whole = picture;
        picture = null;
        if (whole == null) {
            return;
        }
        try {
            // Not the descriptor's word, which senders set as they like: a key frame shows itself.
            boolean key = Vp9FrameHeader.parse(whole)
                    .flatMap(header -> VpCodecConfigurationRecord.ofKeyFrame(whole)
                            .map(record -> new Vp9.Format(record, header.width(), header.height())))
                    .map(found -> {
                        format = found;
                        return true;
                    })
                    .orElse(false);
            waiting &= !key;
            Vp9.Format known = format;
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
