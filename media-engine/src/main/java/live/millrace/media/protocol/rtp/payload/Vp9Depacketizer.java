// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.vp9.Vp9;
import live.millrace.media.frame.FrameSink;

/** VP9 (RFC 9628), flexible or not: the layers of a picture go into one access unit. */
final class Vp9Depacketizer extends VpDepacketizer {
    private static final int PICTURE_ID = 0x80;
    private static final int LAYERS = 0x20;
    private static final int FLEXIBLE = 0x10;
    private static final int START = 0x08;
    private static final int SCALABILITY = 0x02;

    /** §4.2: a picture refers to three others at most. */
    private static final int MAX_REFERENCES = 3;

    Vp9Depacketizer(int trackId, FrameSink sink) {
        super(trackId, sink);
    }

    /** §4.2. */
    @Override
    boolean descriptor(ByteBuf in) {
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

    @Override
    Optional<? extends TrackFormat.Video> keyFrame(ByteBuf picture) {
        return Vp9.Format.ofKeyFrame(picture);
    }
}
