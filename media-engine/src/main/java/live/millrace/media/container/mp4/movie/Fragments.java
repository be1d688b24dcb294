// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.FourCc;

/** Fragments of a track, in all forms that ISO/IEC 14496-12 §8.8 allows. */
final class Fragments {
    private static final FourCc TFHD = FourCc.of("tfhd");
    private static final FourCc TFDT = FourCc.of("tfdt");
    private static final FourCc TRUN = FourCc.of("trun");

    // tfhd
    private static final int BASE_DATA_OFFSET = 0x1;
    private static final int DESCRIPTION_INDEX = 0x2;
    private static final int DEFAULT_DURATION = 0x8;
    private static final int DEFAULT_SIZE = 0x10;
    private static final int DEFAULT_FLAGS = 0x20;

    // trun
    private static final int DATA_OFFSET = 0x1;
    private static final int FIRST_FLAGS = 0x4;
    private static final int DURATION = 0x100;
    private static final int SIZE = 0x200;
    private static final int FLAGS = 0x400;
    private static final int COMPOSITION = 0x800;

    private static final int NOT_SYNC = 0x1_0000;
    private static final int FLAG_BITS = 0xFF_FFFF;

    private Fragments() {}

    /** What holds for samples that say nothing else. */
    record Defaults(int duration, int bytes, int flags) {
        /** Reads {@code trex}. */
        static Defaults read(ByteBuf trex) {
            return new Defaults(trex.getInt(12), trex.getInt(16), trex.getInt(20));
        }
    }

    /**
     * What a fragment may have.
     *
     * @param samples that are still taken
     * @param fileSize every sample lies within
     * @param sample the largest, in bytes
     */
    record Limits(int samples, long fileSize, int sample) {}

    static int trackId(ByteBuf traf) throws MalformedMovieException {
        return Boxes.get(traf, TFHD).getInt(4);
    }

    /**
     * Reads the runs of a track.
     *
     * @param moof where in the file the fragment begins
     * @param track has no base, or the list where the runs are added
     * @return how many samples there were
     */
    static int read(ByteBuf traf, long moof, Defaults track, SampleList samples, Limits limits)
            throws MalformedMovieException {
        ByteBuf tfhd = Boxes.get(traf, TFHD).duplicate();
        int flags = tfhd.readInt() & FLAG_BITS;
        tfhd.skipBytes(4);
        long base = (flags & BASE_DATA_OFFSET) != 0 ? tfhd.readLong() : moof;
        tfhd.skipBytes((flags & DESCRIPTION_INDEX) != 0 ? 4 : 0);
        Defaults defaults = new Defaults(
                (flags & DEFAULT_DURATION) != 0 ? tfhd.readInt() : track.duration(),
                (flags & DEFAULT_SIZE) != 0 ? tfhd.readInt() : track.bytes(),
                (flags & DEFAULT_FLAGS) != 0 ? tfhd.readInt() : track.flags());
        Optional<ByteBuf> tfdt = Boxes.find(traf, TFDT);
        Run run = new Run(samples, defaults, limits, base, tfdt.isPresent() ? decodeTime(tfdt.get()) : samples.next());
        MalformedMovieException[] failed = new MalformedMovieException[1];
        Boxes.each(traf, (type, content) -> {
            if (type.equals(TRUN) && failed[0] == null) {
                try {
                    run.read(content.duplicate(), base);
                } catch (MalformedMovieException e) {
                    failed[0] = e;
                }
            }
        });
        if (failed[0] != null) {
            throw failed[0];
        }
        return run.taken;
    }

    private static long decodeTime(ByteBuf tfdt) {
        return tfdt.getByte(0) == 1 ? tfdt.getLong(4) : tfdt.getUnsignedInt(4);
    }

    /** Where the samples of a fragment are, run by run. */
    private static final class Run {
        private final SampleList samples;
        private final Defaults defaults;
        private final Limits limits;
        private long offset;
        private long time;
        private int taken;

        Run(SampleList samples, Defaults defaults, Limits limits, long offset, long time) {
            this.samples = samples;
            this.defaults = defaults;
            this.limits = limits;
            this.offset = offset;
            this.time = time;
        }

        void read(ByteBuf in, long base) throws MalformedMovieException {
            int flags = in.readInt() & FLAG_BITS;
            long count = in.readUnsignedInt();
            if (count > limits.samples() - taken) {
                throw Boxes.tooLarge(count + " samples more");
            }
            if ((flags & DATA_OFFSET) != 0) {
                offset = base + in.readInt();
            }
            int first = (flags & FIRST_FLAGS) != 0 ? in.readInt() : defaults.flags();
            boolean firstSaid = (flags & FIRST_FLAGS) != 0;
            for (int i = 0; i < count; i++) {
                int duration = (flags & DURATION) != 0 ? in.readInt() : defaults.duration();
                int bytes = (flags & SIZE) != 0 ? in.readInt() : defaults.bytes();
                int sampleFlags = (flags & FLAGS) != 0 ? in.readInt() : defaults.flags();
                int composition = (flags & COMPOSITION) != 0 ? in.readInt() : 0;
                if (i == 0 && firstSaid) {
                    sampleFlags = first;
                }
                if (bytes < 0 || bytes > limits.sample()) {
                    throw Boxes.tooLarge("a sample of " + Integer.toUnsignedString(bytes) + " bytes");
                }
                if (duration < 0 || time < 0 || time > Long.MAX_VALUE / 4) {
                    throw Boxes.malformed("a sample at no time");
                }
                if (offset < 0 || offset > limits.fileSize() - bytes) {
                    return; // the file was cut short here
                }
                samples.add(offset, bytes, time, duration, composition, (sampleFlags & NOT_SYNC) == 0);
                taken++;
                time += duration;
                offset += bytes;
            }
        }
    }
}
