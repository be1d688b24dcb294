// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.nal.NalUnits;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * What H.264 and H.265 share: NAL units to access units behind lengths of four bytes. Parameter sets go into the track's format and not
 * into its frames, wherever they stand: alone under the time of the picture before, as some cameras send them, or in front of the picture.
 * An access unit ends with the marker, with another time, or where only the next can begin.
 */
abstract class NalDepacketizer extends Depacketizer {
    /** What a NAL unit is to us. */
    enum Kind {
        /** Goes into the configuration, and begins an access unit. */
        PARAMETER_SET,
        /** An access unit delimiter and its kin: begins an access unit, and is left out. */
        DELIMITER,
        /** A slice that others may refer to. */
        REFERENCE,
        /** A slice that no other refers to. */
        DISPOSABLE,
        /** Part of the access unit. */
        BESIDE,
        /** Filler, and what only extensions of the codec know. */
        LEFT_OUT
    }

    /** So many packets make an access unit of 8 MiB over UDP; beyond it is an attack on our loops. */
    private static final int MAX_PACKETS = 8_192;

    private static final int START_CODE = 1;

    private final DecodeTimes decodeTimes = new DecodeTimes();

    // of the access unit
    private @Nullable ByteBuf accessUnit;
    private boolean open;
    private long time;
    private int packets;
    private int nalUnits;
    private boolean slices;
    private boolean referenced;
    private boolean damaged;
    private boolean mayStart;

    /** A NAL unit that came in part; from its header on. */
    private @Nullable ByteBuf fragment;

    // of the stream
    private boolean lossBefore;
    private boolean waiting = true;

    NalDepacketizer(int trackId, FrameSink sink) {
        super(trackId, true, sink);
    }

    /** What a NAL unit is; it has at least its header. */
    abstract Kind kind(ByteBuf nalUnit);

    /** Whether a slice is the first of its picture. */
    abstract boolean beginsPicture(ByteBuf slice);

    /** Whether decoding may start at an access unit with this NAL unit, although the format does not say so by itself. */
    abstract boolean mayStart(ByteBuf nalUnit);

    /** Keeps a parameter set. */
    abstract void parameterSet(byte[] set);

    /** What the parameter sets so far make; null while some are missing. */
    abstract TrackFormat.@Nullable Video format();

    /** How many pictures may be shown behind one that comes after them. */
    abstract int reordered();

    /** Takes a payload apart: calls {@link #nalUnit} and {@link #fragment}. */
    abstract void payload(ByteBuf payload);

    @Override
    final void read(RtpPacket packet, long packetTime) {
        boolean unsure = lossBefore;
        lossBefore = false;
        if (open && packetTime != time) {
            damaged |= unsure;
            close();
        } else if (open && unsure) {
            // What is lost lies inside this access unit; nobody misses it if nobody refers to it.
            waiting |= !slices || referenced;
            drop();
            damaged = true;
        }
        if (!open) {
            begin(packetTime);
            if (unsure) {
                waiting = true;
                damaged = !beginsAccessUnit(packet.payload());
            }
        }
        if (++packets > MAX_PACKETS) {
            throw new MalformedMediaException("an access unit of more than " + MAX_PACKETS + " packets");
        }
        payload(packet.payload());
        if (packet.marker()) {
            close();
        }
    }

    /** Whether a payload behind a loss can be the first of its access unit. */
    abstract boolean beginsAccessUnit(ByteBuf payload);

    /** The same of a NAL unit. */
    final boolean begins(ByteBuf nalUnit) {
        return switch (kind(nalUnit)) {
            case REFERENCE, DISPOSABLE -> beginsPicture(nalUnit);
            case LEFT_OUT -> false;
            default -> true;
        };
    }

    private void begin(long atTime) {
        open = true;
        time = atTime;
        packets = 0;
        nalUnits = 0;
        slices = false;
        referenced = false;
        damaged = false;
        mayStart = false;
    }

    /** Takes a whole NAL unit, or several with start codes between them, which some cameras send as one. */
    final void nalUnit(ByteBuf nalUnit) {
        int end = nalUnit.writerIndex();
        int from = nalUnit.readerIndex();
        if (end - from < 2) {
            return;
        }
        // Only what is small is looked through: a slice that holds a start code would be broken anyway.
        boolean slice = switch (kind(nalUnit)) {
            case REFERENCE, DISPOSABLE -> true;
            default -> false;
        };
        if (slice) {
            one(nalUnit);
            return;
        }
        int zeros = 0;
        for (int at = from; at < end; at++) {
            int value = nalUnit.getUnsignedByte(at);
            if (value == START_CODE && zeros >= 2) {
                one(nalUnit.slice(from, at - zeros - from));
                from = at + 1;
            }
            zeros = value == 0 ? zeros + 1 : 0;
        }
        one(nalUnit.slice(from, end - from));
    }

    private void one(ByteBuf nalUnit) {
        if (nalUnit.readableBytes() < 2) {
            return;
        }
        Kind kind = kind(nalUnit);
        switch (kind) {
            case PARAMETER_SET -> {
                endOfPicture();
                byte[] set = new byte[nalUnit.readableBytes()];
                nalUnit.getBytes(nalUnit.readerIndex(), set);
                try {
                    parameterSet(set);
                } catch (MalformedMediaException e) {
                    repaired(Repair.MALFORMED_TAG); // what was configured before still holds
                }
            }
            case DELIMITER -> endOfPicture();
            case LEFT_OUT -> {
                // nobody asks for it
            }
            case REFERENCE, DISPOSABLE, BESIDE -> {
                slices |= kind != Kind.BESIDE;
                referenced |= kind == Kind.REFERENCE;
                mayStart |= mayStart(nalUnit);
                write(nalUnit);
            }
        }
    }

    /** H.264 §7.4.1.2.3, H.265 §7.4.2.4.4: what stands before the first slice of a picture stands behind the last of the one before. */
    private void endOfPicture() {
        if (slices) {
            int soFar = packets;
            close();
            begin(time);
            packets = soFar;
        }
    }

    private void write(ByteBuf nalUnit) {
        if (++nalUnits > NalUnits.MAX_IN_ACCESS_UNIT) {
            throw new MalformedMediaException("too many NAL units in an access unit");
        }
        ByteBuf unit = accessUnit;
        if (unit == null) {
            unit = PooledByteBufAllocator.DEFAULT.buffer(nalUnit.readableBytes() + 4);
            accessUnit = unit;
        }
        unit.writeInt(nalUnit.readableBytes());
        append(unit, nalUnit);
    }

    /**
     * Takes a part of a NAL unit.
     *
     * @param header of the NAL unit, one byte or two
     */
    final void fragment(boolean start, boolean end, int header, int headerBytes, ByteBuf bytes) {
        if (start) {
            damaged |= fragment != null;
            dropFragment();
            ByteBuf begun = PooledByteBufAllocator.DEFAULT.buffer(bytes.readableBytes() + headerBytes);
            if (headerBytes == 1) {
                begun.writeByte(header);
            } else {
                begun.writeShort(header);
            }
            fragment = begun;
        }
        ByteBuf whole = fragment;
        if (whole == null) {
            damaged = true;
            return;
        }
        append(whole, bytes);
        if (end) {
            fragment = null;
            try {
                nalUnit(whole);
            } finally {
                whole.release();
            }
        }
    }

    /** Hands over the access unit, if it is one. */
    private void close() {
        ByteBuf unit = accessUnit;
        accessUnit = null;
        open = false;
        damaged |= fragment != null; // its end never came
        dropFragment();
        if (damaged && slices) {
            waiting |= referenced;
        }
        if (unit == null) {
            return;
        }
        try {
            TrackFormat.Video format = slices && !damaged ? format() : null;
            if (format != null) {
                picture(format, unit);
            }
        } finally {
            unit.release();
        }
    }

    private void picture(TrackFormat.Video format, ByteBuf unit) {
        TrackFormat.Picture picture = format.inspect(unit, mayStart);
        if (picture == TrackFormat.Picture.NOTHING) {
            return;
        }
        boolean start = picture == TrackFormat.Picture.RANDOM_ACCESS_POINT;
        waiting &= !start;
        if (waiting) {
            return;
        }
        Track track = announced(format);
        decodeTimes.depth(
                reordered(), Math.round(track.timescale() / format.frameRate().orElse(25)));
        long decodeTime = decodeTimes.next(time);
        long offset = time - decodeTime;
        if (offset < 0) {
            offset = 0; // more reordering than was said; what comes is right
            repaired(Repair.COMPOSITION_OFFSET);
        }
        frame(track, decodeTime, (int) offset, start, unit);
    }

    @Override
    public final void lost() {
        lossBefore = true;
        dropFragment();
    }

    @Override
    public final void release() {
        drop();
        open = false;
    }

    private void drop() {
        dropFragment();
        ByteBuf unit = accessUnit;
        accessUnit = null;
        if (unit != null) {
            unit.release();
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
