// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.container.mp4.FragmentReader;

/**
 * The heads of a span's fragments without their media: kept beside a span that is far away, so that whoever lists its samples reads one
 * hundredth of it. For each fragment its place in the span in eight bytes, the length of its head in four, and its head. Immutable.
 */
public final class SpanHeads {
    private static final int ENTRY = 12;

    /** A head of a second of frames fits. */
    private static final int READ = 4 << 10;

    private final Map<Long, ByteBuf> byPlace;

    private SpanHeads(Map<Long, ByteBuf> byPlace) {
        this.byPlace = byPlace;
    }

    /** What they are called beside their span. */
    public static String object(String span) {
        return span.replaceFirst("\\.mp4$", ".heads");
    }

    /**
     * Takes them from a span. Blocks for the disk.
     *
     * @param segments the span's
     * @return them in the form in which they are kept; up to the first fragment that is none
     */
    public static byte[] of(Path span, SegmentTable segments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 18);
        if (segments.size() == 0) {
            return out.toByteArray();
        }
        try (FileChannel file = FileChannel.open(span, StandardOpenOption.READ)) {
            long at = segments.segments().getFirst().offset();
            while (at < segments.end()) {
                ByteBuf there = read(file, at, READ);
                int length = there.readableBytes() < 8 ? 0 : FragmentReader.headLength(there);
                ByteBuf head = length > there.readableBytes() ? read(file, at, length) : there;
                Optional<FragmentReader.Fragment> fragment = FragmentReader.read(head);
                if (fragment.isEmpty()) {
                    break;
                }
                byte[] entry = new byte[ENTRY + length];
                ByteBuffer.wrap(entry).putLong(at).putInt(length);
                head.getBytes(head.readerIndex(), entry, ENTRY, length);
                out.writeBytes(entry);
                at += fragment.get().length();
            }
        }
        return out.toByteArray();
    }

    private static ByteBuf read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.read(into, at + into.position()) < 0) {
                break;
            }
        }
        return Unpooled.wrappedBuffer(into.flip());
    }

    /**
     * Reads what was kept.
     *
     * @throws IOException if it is nothing of the kind
     */
    public static SpanHeads parse(byte[] kept) throws IOException {
        ByteBuf in = Unpooled.wrappedBuffer(kept).asReadOnly();
        Map<Long, ByteBuf> byPlace = new HashMap<>();
        while (in.isReadable()) {
            if (in.readableBytes() < ENTRY) {
                throw new IOException("heads of fragments end in the middle");
            }
            long place = in.readLong();
            int length = in.readInt();
            if (place < 0 || length <= 0 || length > in.readableBytes()) {
                throw new IOException("heads of fragments that cannot be");
            }
            byPlace.put(place, in.readSlice(length));
        }
        return new SpanHeads(byPlace);
    }

    /** The head of the fragment at a place in the span; empty when none begins there. */
    public Optional<ByteBuf> at(long place) {
        return Optional.ofNullable(byPlace.get(place)).map(ByteBuf::duplicate);
    }
}
