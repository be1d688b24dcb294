// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a transport stream says of who made it: the service description table (ETSI EN 300 468 §5.2.3), of which the first service with a name is
 * taken. What does not fit is passed over: nothing depends on it.
 */
final class TsServices {
    /** Where the table is. */
    static final int PID = 0x11;

    /** Of this very stream. */
    private static final int ACTUAL = 0x42;

    private static final int SERVICE = 0x48;

    /** From table_id to the byte behind original_network_id. */
    private static final int HEADER = 11;

    /** More is no name. */
    private static final int MAX_NAME = 64;

    /** What a text begins with that says how it is written; below this it is no letter. */
    private static final int FIRST_LETTER = 0x20;

    private static final int TWO_MORE = 0x10;

    private final SectionReader sections = new SectionReader(new SectionReader.Sections() {
        @Override
        public void section(ByteBuf section) {
            name = read(section.slice());
        }

        @Override
        public void broken() {
            // the next one does as well
        }
    });

    private Optional<String> name = Optional.empty();

    /** Takes the payload of a packet, as long as nothing is known. */
    void payload(boolean unitStart, ByteBuf payload) {
        if (name.isEmpty()) {
            sections.payload(unitStart, payload);
        }
    }

    /** Who made it: its provider, and where that is unsaid its name. At most {@value #MAX_NAME} printable characters; empty while it is unsaid. */
    Optional<String> name() {
        return name;
    }

    private static Optional<String> read(ByteBuf in) {
        if (in.readableBytes() < HEADER
                || in.getUnsignedByte(in.readerIndex()) != ACTUAL
                || (in.getByte(in.readerIndex() + 5) & 1) == 0) { // current_next_indicator
            return Optional.empty();
        }
        in.skipBytes(HEADER);
        while (in.readableBytes() >= 5) {
            in.skipBytes(3); // service_id, and which schedules there are
            int length = in.readUnsignedShort() & 0xFFF;
            if (length > in.readableBytes()) {
                return Optional.empty();
            }
            Optional<String> found = service(in.readSlice(length));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> service(ByteBuf descriptors) {
        while (descriptors.readableBytes() >= 2) {
            int tag = descriptors.readUnsignedByte();
            int length = descriptors.readUnsignedByte();
            if (length > descriptors.readableBytes()) {
                return Optional.empty();
            }
            ByteBuf body = descriptors.readSlice(length);
            if (tag == SERVICE && length > 0) {
                body.skipBytes(1); // service_type
                Optional<String> provider = text(body);
                return provider.isPresent() ? provider : text(body);
            }
        }
        return Optional.empty();
    }

    /** Annex A, as far as names need it: UTF-8 where it is, or Latin letters. */
    private static Optional<String> text(ByteBuf in) {
        if (!in.isReadable()) {
            return Optional.empty();
        }
        int length = in.readUnsignedByte();
        if (length > in.readableBytes()) {
            in.skipBytes(in.readableBytes());
            return Optional.empty();
        }
        ByteBuf bytes = in.readSlice(length);
        if (length > 0 && bytes.getUnsignedByte(bytes.readerIndex()) < FIRST_LETTER) {
            int how = bytes.readUnsignedByte();
            bytes.skipBytes(how == TWO_MORE ? Math.min(2, bytes.readableBytes()) : 0);
        }
        byte[] letters = new byte[bytes.readableBytes()];
        bytes.readBytes(letters);
        String text = decoded(letters)
                .codePoints()
                .filter(letter -> !Character.isISOControl(letter) && Character.getType(letter) != Character.FORMAT)
                .limit(MAX_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return Optional.of(text).filter(said -> !said.isEmpty());
    }

    private static String decoded(byte[] letters) {
        Charset latin = StandardCharsets.ISO_8859_1;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(letters))
                    .toString();
        } catch (CharacterCodingException other) {
            return new String(letters, latin);
        }
    }
}
