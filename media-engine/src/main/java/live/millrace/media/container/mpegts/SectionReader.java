// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.bytes.Crc32Mpeg;

/**
 * Sections of one PID out of the payloads of its packets (ISO/IEC 13818-1 §2.4.4): over several packets, several in one. What does not check
 * out is thrown away.
 */
final class SectionReader {
    /** Takes sections. */
    interface Sections {
        /**
         * Takes a section that checks out.
         *
         * @param section from its table_id to before its checksum; borrowed
         */
        void section(ByteBuf section);

        /** One was thrown away. */
        void broken();
    }

    /** Tables of programs are not longer; private ones may be, and are nothing to us. */
    private static final int MAX_SECTION = 4 << 10;

    private static final int HEADER = 3;
    private static final int CHECKSUM = 4;
    private static final int STUFFING = 0xFF;

    private final Sections sections;
    private final ByteBuf held = Unpooled.buffer(256);
    private boolean running;

    SectionReader(Sections sections) {
        this.sections = sections;
    }

    /** Takes the payload of a packet. */
    void payload(boolean unitStart, ByteBuf payload) {
        if (!unitStart) {
            if (running) {
                append(payload);
            }
            return;
        }
        int pointer = payload.readUnsignedByte();
        if (pointer > payload.readableBytes()) {
            lost();
            sections.broken();
            return;
        }
        ByteBuf end = payload.readSlice(pointer);
        if (running) {
            append(end);
        }
        held.clear();
        running = true;
        append(payload);
    }

    /** Bytes are missing here. */
    void lost() {
        held.clear();
        running = false;
    }

    private void append(ByteBuf bytes) {
        held.writeBytes(bytes);
        while (running && held.isReadable()) {
            if (held.getUnsignedByte(held.readerIndex()) == STUFFING) {
                lost(); // nothing but stuffing follows
                return;
            }
            if (held.readableBytes() < HEADER) {
                return;
            }
            int length = HEADER + (held.getUnsignedShort(held.readerIndex() + 1) & 0xFFF);
            if (length > MAX_SECTION || length < HEADER + 5 + CHECKSUM) {
                lost();
                sections.broken();
                return;
            }
            if (held.readableBytes() < length) {
                return;
            }
            whole(held.readSlice(length));
        }
        if (!held.isReadable()) {
            held.clear();
        } else if (held.readerIndex() > MAX_SECTION) {
            held.discardReadBytes(); // sections that follow each other without end never empty it
        }
    }

    private void whole(ByteBuf section) {
        if (Crc32Mpeg.of(section, section.readerIndex(), section.readableBytes()) != 0) {
            sections.broken();
            return;
        }
        sections.section(section.slice(section.readerIndex(), section.readableBytes() - CHECKSUM));
    }
}
