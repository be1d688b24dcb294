// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.nal.NalUnits;
import org.jspecify.annotations.Nullable;

/**
 * What H.264 and H.265 share: NAL units between start codes (Annex B of both) to access units behind lengths of four bytes. Parameter
 * sets go into the format and not into the pictures. A picture is handed over where the next begins, or at the end of a packet that said
 * its length, in a stream whose packets have always begun with a picture.
 */
abstract class NalStream extends ElementaryStream {
    /** What a NAL unit is to us. */
    enum Kind {
        /** Goes into the configuration, and begins an access unit. */
        PARAMETER_SET,
        /** An access unit delimiter: begins an access unit, and is left out. */
        DELIMITER,
        /** A slice. */
        SLICE,
        /** Part of an access unit that stands before its slices: the first behind slices begins the next. */
        LEADING,
        /** Part of the access unit. */
        TRAILING,
        /** Filler, and what only extensions of the codec know. */
        LEFT_OUT
    }

    /** So many packets in a row that began with a picture, and their ends are taken for its end. */
    private static final int ALIGNED_AFTER = 8;

    /** A start code of four bytes, and one of slack. */
    private static final int ALIGNED_WITHIN = 5;

    /** Enough of a NAL unit to tell what it is. */
    private static final int HEAD = 4;

    /** A picture's length when nothing tells: 25 of them a second. */
    private static final long USUAL_DURATION = 90_000 / 25;

    /** A longer pause between two pictures is no picture's length. */
    private static final long MAX_DURATION = 90_000;

    private boolean inNalUnit;
    private boolean seen;
    private int scanned;

    /** Packets in a row that began with a picture; below 0 when one did not. */
    private int aligned;

    private boolean packetSeen;

    // of the access unit
    private @Nullable ByteBuf unit;
    private boolean open;
    private int nalUnits;
    private boolean slices;
    private boolean mayStart;
    private long presentation;
    private long decode;

    // of the stream
    private boolean delimited;
    private boolean waiting = true;
    private long lastPresentation = NO_TIME;
    private long lastDecode = NO_TIME;
    private long duration = USUAL_DURATION;

    NalStream(Units units) {
        super(units);
    }

    /** What a NAL unit is; it has at least its header. */
    abstract Kind kind(ByteBuf bytes, int at);

    /** Whether a slice, of which {@link #HEAD} bytes are there, is the first of its picture. */
    abstract boolean beginsPicture(ByteBuf bytes, int at);

    /** Whether decoding may start at an access unit with this NAL unit, although the format does not say so by itself. */
    abstract boolean mayStart(ByteBuf nalUnit);

    /** Keeps a parameter set. */
    abstract void parameterSet(byte[] set);

    /** What the parameter sets so far make; null while some are missing. */
    abstract TrackFormat.@Nullable Video format();

    @Override
    public final boolean video() {
        return true;
    }

    @Override
    final void began() {
        packetSeen = false;
    }

    @Override
    final void read(ByteBuf bytes) {
        int at = bytes.readerIndex() + scanned;
        while (true) {
            int one = bytes.indexOf(at, bytes.writerIndex(), (byte) 1);
            if (one < 0) {
                break;
            }
            at = one + 1;
            // Two zeros, which may be the last of a NAL unit's own only if it is broken (H.264 §7.4.1).
            if (one - bytes.readerIndex() >= 2 && bytes.getShort(one - 2) == 0) {
                whole(bytes, one - 2);
                bytes.readerIndex(at);
                inNalUnit = true;
                seen = false;
            }
        }
        if (inNalUnit) {
            look(bytes);
            checkSize(bytes.readableBytes());
        } else if (bytes.readableBytes() > 2) {
            bytes.readerIndex(bytes.writerIndex() - 2); // the zeros of a start code that is cut
        }
        scanned = bytes.readableBytes();
    }

    /** Without moving what a large picture has so far each time. */
    @Override
    final void compact(ByteBuf bytes) {
        if (bytes.readerIndex() > bytes.readableBytes()) {
            bytes.discardReadBytes();
        }
    }

    private void checkSize(int bytes) {
        ByteBuf so = unit;
        if (bytes + (so == null ? 0 : so.readableBytes()) > MAX_UNIT) {
            throw new MalformedMediaException("a picture of more than " + MAX_UNIT + " bytes");
        }
    }

    /** Looks at the NAL unit's head, as soon as it is there: it may end an access unit. */
    private void look(ByteBuf bytes) {
        if (!seen && bytes.readableBytes() >= HEAD) {
            head(bytes);
        }
    }

    private void head(ByteBuf bytes) {
        seen = true;
        int at = bytes.readerIndex();
        Kind kind = kind(bytes, at);
        long inPacket = inPacket(bytes, at);
        boolean stamped = inPacket >= 0 && presentation() != NO_TIME;
        boolean begins = switch (kind) {
            case PARAMETER_SET, DELIMITER, LEADING -> true;
            // The second field of a picture is none of its own, where delimiters say so.
            case SLICE -> (stamped || !delimited || !slices) && beginsPicture(bytes, at);
            case TRAILING, LEFT_OUT -> false;
        };
        delimited |= kind == Kind.DELIMITER;
        if (begins && slices) {
            close();
        }
        if (!open) {
            open = true;
            presentation = stamped ? presentation() : NO_TIME;
            decode = stamped ? decode() : NO_TIME;
            if (stamped) {
                stampsTaken();
            }
        }
        if (!packetSeen && inPacket >= 0) {
            packetSeen = true;
            aligned = aligned >= 0 && begins && inPacket <= ALIGNED_WITHIN ? aligned + 1 : -1;
            aligned = Math.min(aligned, ALIGNED_AFTER);
        }
    }

    /** The NAL unit ends before an index. */
    private void whole(ByteBuf bytes, int before) {
        if (!inNalUnit) {
            return;
        }
        inNalUnit = false;
        int end = before;
        while (end > bytes.readerIndex() && bytes.getByte(end - 1) == 0) {
            end--; // trailing_zero_8bits
        }
        int length = end - bytes.readerIndex();
        if (length < 2) {
            return;
        }
        if (!seen) {
            head(bytes);
        }
        ByteBuf nalUnit = bytes.slice(bytes.readerIndex(), length);
        switch (kind(nalUnit, 0)) {
            case PARAMETER_SET -> {
                byte[] set = new byte[length];
                nalUnit.getBytes(0, set);
                try {
                    parameterSet(set);
                } catch (MalformedMediaException e) {
                    units.broken(String.valueOf(e.getMessage())); // what was configured before still holds
                }
            }
            case SLICE -> {
                slices = true;
                mayStart |= mayStart(nalUnit);
                write(nalUnit);
            }
            case LEADING, TRAILING -> {
                mayStart |= mayStart(nalUnit);
                write(nalUnit);
            }
            case DELIMITER, LEFT_OUT -> {
                // nobody asks for it
            }
        }
    }

    private void write(ByteBuf nalUnit) {
        if (++nalUnits > NalUnits.MAX_IN_ACCESS_UNIT) {
            throw new MalformedMediaException("too many NAL units in an access unit");
        }
        checkSize(nalUnit.readableBytes());
        ByteBuf into = unit;
        if (into == null) {
            into = PooledByteBufAllocator.DEFAULT.buffer(nalUnit.readableBytes() + 4);
            unit = into;
        }
        into.writeInt(nalUnit.readableBytes()).writeBytes(nalUnit);
    }

    /** Hands over the access unit. */
    private void close() {
        ByteBuf whole = unit;
        unit = null;
        open = false;
        nalUnits = 0;
        boolean picture = slices;
        boolean start = mayStart;
        slices = false;
        mayStart = false;
        if (whole == null) {
            return;
        }
        try {
            TrackFormat.Video format = picture ? format() : null;
            if (format != null) {
                picture(format, whole, start);
            }
        } finally {
            whole.release();
        }
    }

    private void picture(TrackFormat.Video format, ByteBuf whole, boolean start) {
        TrackFormat.Picture kind = format.inspect(whole, start);
        if (kind == TrackFormat.Picture.NOTHING) {
            return;
        }
        boolean randomAccess = start || kind == TrackFormat.Picture.RANDOM_ACCESS_POINT;
        waiting &= !randomAccess;
        time(format);
        if (!waiting && decode != NO_TIME) {
            units.unit(format, decode, presentation, randomAccess, whole);
        }
    }

    /** The picture's stamps, or those that it would have behind the one before. */
    private void time(TrackFormat.Video format) {
        if (decode == NO_TIME) {
            if (lastDecode == NO_TIME) {
                return;
            }
            decode = lastDecode + duration;
            presentation = lastPresentation + duration;
        } else if (format.frameRate().isPresent()) {
            duration = Math.clamp(Math.round(90_000 / format.frameRate().getAsDouble()), 1, MAX_DURATION);
        } else if (lastDecode != NO_TIME && decode > lastDecode && decode - lastDecode < MAX_DURATION) {
            duration = decode - lastDecode;
        }
        lastDecode = decode;
        lastPresentation = presentation;
    }

    @Override
    final void ended() {
        if (!packetSeen) {
            aligned = -1; // a picture over several packets
        }
        if (aligned >= ALIGNED_AFTER) {
            takeOut();
        }
    }

    @Override
    final void flushed() {
        if (aligned > 0) {
            takeOut();
        }
    }

    @Override
    final void finished() {
        takeOut();
    }

    private void takeOut() {
        ByteBuf bytes = pending();
        if (bytes != null) {
            whole(bytes, bytes.writerIndex());
            bytes.readerIndex(bytes.writerIndex());
            scanned = 0;
        }
        if (slices) {
            close();
        }
    }

    @Override
    final void dropped() {
        inNalUnit = false;
        seen = false;
        scanned = 0;
        waiting = true;
        open = false;
        slices = false;
        mayStart = false;
        nalUnits = 0;
        ByteBuf part = unit;
        unit = null;
        if (part != null) {
            part.release();
        }
    }
}
