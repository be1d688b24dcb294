// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.vp8.Vp8;
import live.millrace.media.frame.FrameSink;

/** VP8 (RFC 7741), with picture ids of 7 or 15 bits or none, its partitions in packets of their own or not. */
final class Vp8Depacketizer extends VpDepacketizer {
    private static final int EXTENDED = 0x80;
    private static final int START = 0x10;
    private static final int PARTITION = 0x07;

    /** In the second byte. */
    private static final int PICTURE_ID = 0x80;

    private static final int TL0PICIDX = 0x40;
    private static final int TEMPORAL_LAYER = 0x20;
    private static final int KEY_INDEX = 0x10;

    /** In the picture id's first byte. */
    private static final int FIFTEEN_BITS = 0x80;

    Vp8Depacketizer(int trackId, FrameSink sink) {
        super(trackId, sink);
    }

    /** §4.2. */
    @Override
    boolean descriptor(ByteBuf in) {
        int first = in.readUnsignedByte();
        if ((first & EXTENDED) != 0) {
            int fields = in.readUnsignedByte();
            if ((fields & PICTURE_ID) != 0 && (in.readUnsignedByte() & FIFTEEN_BITS) != 0) {
                in.skipBytes(1);
            }
            if ((fields & TL0PICIDX) != 0) {
                in.skipBytes(1);
            }
            if ((fields & (TEMPORAL_LAYER | KEY_INDEX)) != 0) {
                in.skipBytes(1); // TID, Y, KEYIDX
            }
        }
        return (first & START) != 0 && (first & PARTITION) == 0;
    }

    @Override
    Optional<? extends TrackFormat.Video> keyFrame(ByteBuf picture) {
        return Vp8.Format.ofKeyFrame(picture);
    }
}
