// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.av1.Av1;
import live.millrace.media.codec.av1.Av1CodecConfigurationRecord;
import live.millrace.media.codec.av1.Av1SequenceHeader;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;

/** AV1 (RTP Payload Format for AV1, version 1.0 §4): OBUs without sizes get theirs back; temporal delimiters are left out. */
final class Av1Depacketizer extends Depacketizer {
    /** A temporal unit has an OBU for each tile group and few others; beyond it is an attack on our loops. */
    private static final int MAX_OBUS = 1_024;

    private static final int SEQUENCE_HEADER = 1;
    private static final int TEMPORAL_DELIMITER = 2;
    private static final int TILE_LIST = 8;
    private static final int PADDING = 15;

    private Av1.@Nullable Format format;

    // of the temporal unit
    private @Nullable ByteBuf unit;
    private long time;
    private int obus;
    private boolean key;
    private boolean damaged;

    /** An OBU that came in part. */
    private @Nullable ByteBuf fragment;

    private boolean waiting = true;

    Av1Depacketizer(int trackId, FrameSink sink) {
        super(trackId, true, sink);
    }

    @Override
    void read(RtpPacket packet, long packetTime) {
        if (unit != null && packetTime != time) {
            close(); // the marker is missing
        }
        if (unit == null) {
            unit = PooledByteBufAllocator.DEFAULT.buffer(packet.payload().readableBytes() + 8);
            time = packetTime;
            obus = 0;
            key = false;
            damaged = false;
        }
        ByteBuf in = packet.payload().slice();
        int aggregation = in.readUnsignedByte();
        boolean continues = (aggregation & 0x80) != 0;
        boolean continued = (aggregation & 0x40) != 0;
        int count = (aggregation >> 4) & 3;
        if (!continues && fragment != null) {
            damaged = true;
            dropFragment();
        }
        for (int i = 1; in.isReadable(); i++) {
            // §4.4: the last of a counted list has no length
            ByteBuf element = in.readSlice(count != 0 && i == count ? in.readableBytes() : leb128(in));
            boolean first = i == 1;
            boolean last = !in.isReadable();
            if ((first && continues) || (last && continued)) {
                part(element, first && continues, last && continued);
            } else {
                obu(element);
            }
        }
        if (packet.marker()) {
            damaged |= fragment != null;
            close();
        }
    }

    private void part(ByteBuf element, boolean continues, boolean continued) {
        ByteBuf now = fragment;
        if (now == null) {
            if (continues) {
                damaged = true; // its beginning is lost
                return;
            }
            now = PooledByteBufAllocator.DEFAULT.buffer(element.readableBytes());
            fragment = now;
        }
        append(now, element);
        if (!continued) {
            fragment = null;
            try {
                obu(now);
            } finally {
                now.release();
            }
        }
    }

    /** AV1 §5.3: header, extension, size; the payload. */
    private void obu(ByteBuf obu) {
        ByteBuf out = unit;
        if (out == null || !obu.isReadable()) {
            return;
        }
        if (++obus > MAX_OBUS) {
            throw new MalformedMediaException("more than " + MAX_OBUS + " OBUs in a temporal unit");
        }
        int header = obu.readUnsignedByte();
        int extension = (header & 4) != 0 ? obu.readUnsignedByte() : -1;
        ByteBuf payload = (header & 2) != 0 ? obu.readSlice(leb128(obu)) : obu;
        int type = header >> 3 & 15;
        if (type == TEMPORAL_DELIMITER || type == TILE_LIST || type == PADDING) {
            return;
        }
        if (type == SEQUENCE_HEADER) {
            sequenceHeader(payload);
        }
        out.writeByte(header | 2);
        if (extension >= 0) {
            out.writeByte(extension);
        }
        int rest = payload.readableBytes();
        for (; rest >= 0x80; rest >>= 7) {
            out.writeByte(0x80 | (rest & 0x7F));
        }
        out.writeByte(rest);
        append(out, payload);
    }

    private void sequenceHeader(ByteBuf payload) {
        byte[] bytes = new byte[payload.readableBytes()];
        payload.getBytes(payload.readerIndex(), bytes);
        Av1CodecConfigurationRecord record = Av1CodecConfigurationRecord.of(bytes);
        Av1SequenceHeader header =
                record.sequenceHeader().orElseThrow(() -> new MalformedMediaException("no AV1 sequence header"));
        format = new Av1.Format(record, header.width(), header.height());
        key = true;
    }

    /** AV1 §4.10.5 */
    private static int leb128(ByteBuf in) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = in.readUnsignedByte();
            value |= (long) (part & 0x7F) << shift;
            if ((part & 0x80) == 0) {
                if (value > in.readableBytes()) {
                    break;
                }
                return (int) value;
            }
        }
        throw new MalformedMediaException("an OBU longer than its packet");
    }

    private void close() {
        ByteBuf whole = unit;
        unit = null;
        dropFragment();
        if (whole == null) {
            return;
        }
        try {
            waiting |= damaged;
            waiting &= damaged || !key;
            Av1.Format known = format;
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
        dropFragment();
        ByteBuf part = unit;
        unit = null;
        if (part != null) {
            part.release();
        }
    }

    private void dropFragment() {
        ByteBuf part = fragment;
        fragment = null;
        if (part != null) {
            part.release();
        }
    }
}
