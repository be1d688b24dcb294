// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads movie fragments as {@link FragmentWriter} writes them (ISO/IEC 14496-12 §8.8): one track, one run, all fields of a sample said
 * where they can differ. What a crash cut off is no fragment.
 */
public final class FragmentReader {
    private static final int BOX_HEADER = 8;

    /** The largest {@code moof} that is read: a fragment has some frames, or a second of them. */
    private static final int MAX_MOOF = 1 << 20;

    private static final int SAMPLE_FLAGS = 0x400;
    private static final int NON_SYNC_SAMPLE = 0x1_0000;

    private FragmentReader() {}

    /**
     * A sample of a fragment.
     *
     * @param offset of its first byte, from the fragment's first byte
     * @param duration in the track's timescale, as the composition time offset
     */
    public record FragmentSample(int offset, int bytes, int duration, int compositionTimeOffset, boolean sync) {}

    /**
     * A fragment.
     *
     * @param length in bytes, of {@code moof} and {@code mdat} together
     * @param baseDecodeTime of its first sample, in the track's timescale
     */
    public record Fragment(int length, long baseDecodeTime, List<FragmentSample> samples) {
        /** In the track's timescale. */
        public long duration() {
            return samples.stream().mapToLong(FragmentSample::duration).sum();
        }
    }

    /**
     * How many bytes a reader has to have to read the head of a fragment.
     *
     * @param bytes from the fragment's first byte on; at least 8
     * @return the length of {@code moof} with the header of {@code mdat}; 0 when it is no fragment
     */
    public static int headLength(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < BOX_HEADER || bytes.getInt(at + 4) != Box.type("moof")) {
            return 0;
        }
        int moof = bytes.getInt(at);
        return moof < BOX_HEADER || moof > MAX_MOOF ? 0 : moof + BOX_HEADER;
    }

    /**
     * Reads the head of a fragment; the media data need not be there.
     *
     * @param bytes from the fragment's first byte on, {@link #headLength} of them at least; borrowed, its indices stay
     * @return empty when it is not a fragment of ours
     */
    public static Optional<Fragment> read(ByteBuf bytes) {
        int head = headLength(bytes);
        if (head == 0 || bytes.readableBytes() < head) {
            return Optional.empty();
        }
        ByteBuf moof = bytes.slice(bytes.readerIndex() + BOX_HEADER, head - 2 * BOX_HEADER);
        try {
            int mdat = mdatLength(bytes, head);
            return mdat < BOX_HEADER ? Optional.empty() : fragment(moof, head, head - BOX_HEADER + mdat);
        } catch (IndexOutOfBoundsException torn) {
            return Optional.empty();
        }
    }

    private static int mdatLength(ByteBuf bytes, int head) {
        int at = bytes.readerIndex() + head - BOX_HEADER;
        return bytes.getInt(at + 4) == Box.type("mdat") ? bytes.getInt(at) : 0;
    }

    private static Optional<Fragment> fragment(ByteBuf moof, int head, int length) {
        Optional<ByteBuf> traf = Box.find("traf", moof);
        Optional<ByteBuf> tfdt = traf.flatMap(box -> Box.find("tfdt", box));
        Optional<ByteBuf> trun = traf.flatMap(box -> Box.find("trun", box));
        if (length < head || tfdt.isEmpty() || trun.isEmpty()) {
            return Optional.empty();
        }
        long decodeTime = tfdt.get().getLong(tfdt.get().readerIndex() + 4);
        ByteBuf in = trun.get().duplicate();
        boolean video = (in.readInt() & SAMPLE_FLAGS) != 0;
        int count = in.readInt();
        int offset = in.readInt();
        int each = video ? 16 : 8;
        if (offset != head || count <= 0 || (long) count * each != in.readableBytes()) {
            return Optional.empty();
        }
        List<FragmentSample> samples = new ArrayList<>(count);
        long at = head;
        for (int i = 0; i < count; i++) {
            int duration = in.readInt();
            int bytes = in.readInt();
            boolean sync = !video || (in.readInt() & NON_SYNC_SAMPLE) == 0;
            int composition = video ? in.readInt() : 0;
            if (bytes < 0 || duration < 0 || at + bytes > length) {
                return Optional.empty();
            }
            samples.add(new FragmentSample((int) at, bytes, duration, composition, sync));
            at += bytes;
        }
        return at == length ? Optional.of(new Fragment(length, decodeTime, List.copyOf(samples))) : Optional.empty();
    }
}
