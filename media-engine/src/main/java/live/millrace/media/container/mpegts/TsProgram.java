// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import org.jspecify.annotations.Nullable;

/** A program of a transport stream, and what its map (ISO/IEC 13818-1 §2.4.4.8) says last. */
final class TsProgram {
    /** Streams of one program; more are an attack on our tables. */
    static final int MAX_STREAMS = 16;

    private static final int MAP = 0x02;

    /** From the section's number to its last number. */
    private static final int HEADER = 8;

    private final int number;
    private final int pid;
    final SectionReader sections;

    /** Of the section: most senders repeat theirs ten times a second. */
    private byte[] seen = {};

    private @Nullable List<Stream> streams;
    private int repeated;

    /**
     * A stream as the map has it.
     *
     * @param descriptors as they are
     */
    record Stream(int type, int pid, ByteBuf descriptors) {}

    /** @param mapped told when the map is another */
    TsProgram(int number, int pid, SectionReader.Sections mapped) {
        this.number = number;
        this.pid = pid;
        this.sections = new SectionReader(mapped);
    }

    int number() {
        return number;
    }

    int pid() {
        return pid;
    }

    /** Null until the map came. */
    @Nullable
    List<Stream> streams() {
        return streams;
    }

    /** How often the map came again unchanged. */
    int repeated() {
        return repeated;
    }

    /**
     * Reads a map.
     *
     * @return whether it says something new
     * @throws MalformedMediaException if its loops do not fit
     */
    boolean map(ByteBuf section) {
        if (section.getUnsignedByte(section.readerIndex()) != MAP
                || section.getUnsignedShort(section.readerIndex() + 3) != number
                || (section.getByte(section.readerIndex() + 5) & 1) == 0) { // current_next_indicator
            return false;
        }
        byte[] bytes = new byte[section.readableBytes()];
        section.getBytes(section.readerIndex(), bytes);
        if (Arrays.equals(bytes, seen)) {
            repeated++;
            return false;
        }
        ByteBuf in = section.slice();
        in.skipBytes(HEADER);
        if (in.readableBytes() < 4) {
            throw new MalformedMediaException("a program map cut short");
        }
        in.skipBytes(2); // PCR_PID: stamps alone tell the time
        in.skipBytes(fitting(in.readUnsignedShort() & 0xFFF, in));
        List<Stream> found = new ArrayList<>();
        while (in.isReadable()) {
            if (in.readableBytes() < 5) {
                throw new MalformedMediaException("a program map cut short");
            }
            int type = in.readUnsignedByte();
            int streamPid = in.readUnsignedShort() & 0x1FFF;
            int length = fitting(in.readUnsignedShort() & 0xFFF, in);
            ByteBuf descriptors = Unpooled.copiedBuffer(in.readSlice(length));
            if (found.size() < MAX_STREAMS && found.stream().noneMatch(each -> each.pid() == streamPid)) {
                found.add(new Stream(type, streamPid, descriptors));
            }
        }
        seen = bytes;
        streams = List.copyOf(found);
        return true;
    }

    private static int fitting(int length, ByteBuf in) {
        if (length > in.readableBytes()) {
            throw new MalformedMediaException("a descriptor loop longer than its map");
        }
        return length;
    }
}
