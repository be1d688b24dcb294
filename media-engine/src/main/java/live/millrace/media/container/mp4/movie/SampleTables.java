// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.FourCc;

/** The tables of a track that say where its samples are (ISO/IEC 14496-12 §8.6, §8.7), put together. */
final class SampleTables {
    private static final FourCc STSZ = FourCc.of("stsz");
    private static final FourCc STZ2 = FourCc.of("stz2");
    private static final FourCc STSC = FourCc.of("stsc");
    private static final FourCc STCO = FourCc.of("stco");
    private static final FourCc CO64 = FourCc.of("co64");
    private static final FourCc STTS = FourCc.of("stts");
    private static final FourCc CTTS = FourCc.of("ctts");
    private static final FourCc STSS = FourCc.of("stss");

    private SampleTables() {}

    /**
     * Reads the tables.
     *
     * @param stbl content of the box of that name; borrowed
     * @param most samples that may be
     * @param fileSize every sample lies within
     * @param maxSample the largest that is taken, in bytes
     */
    static SampleList read(ByteBuf stbl, int most, long fileSize, int maxSample) throws MalformedMovieException {
        Sizes sizes = Sizes.read(stbl, most);
        Runs durations = new Runs(Boxes.get(stbl, STTS), sizes.count());
        Optional<ByteBuf> ctts = Boxes.find(stbl, CTTS);
        Runs compositions = ctts.isPresent() ? new Runs(ctts.get(), sizes.count()) : null;
        Optional<ByteBuf> stss = Boxes.find(stbl, STSS);
        Numbers syncs = stss.isPresent() ? new Numbers(stss.get()) : null;
        Chunks chunks = new Chunks(stbl);
        SampleList samples = new SampleList();
        long time = 0;
        long offset = 0;
        for (int i = 0; i < sizes.count(); i++) {
            offset = chunks.startsChunk() ? chunks.begin() : offset;
            int bytes = sizes.get(i);
            if (bytes < 0 || bytes > maxSample) {
                throw Boxes.tooLarge("a sample of " + Integer.toUnsignedString(bytes) + " bytes");
            }
            if (offset < 0 || offset > fileSize - bytes) {
                throw Boxes.malformed("a sample behind the end of the file");
            }
            int duration = durations.next();
            if (duration < 0) {
                throw Boxes.malformed("a sample that ends before it begins");
            }
            int composition = compositions == null ? 0 : compositions.next();
            boolean sync = syncs == null || syncs.contains(i + 1);
            samples.add(offset, bytes, time, duration, composition, sync);
            time += duration;
            offset += bytes;
            chunks.sampleTaken();
        }
        return samples;
    }

    /** {@code stsz} or {@code stz2} */
    private record Sizes(ByteBuf table, int count, int common, int bits) {
        static Sizes read(ByteBuf stbl, int most) throws MalformedMovieException {
            Optional<ByteBuf> plain = Boxes.find(stbl, STSZ);
            ByteBuf in = plain.isPresent() ? plain.get() : Boxes.get(stbl, STZ2);
            require(in, 12);
            int at = in.readerIndex();
            int common = plain.isPresent() ? in.getInt(at + 4) : 0;
            int bits = plain.isPresent() ? 32 : in.getUnsignedByte(at + 7);
            long count = in.getUnsignedInt(at + 8);
            if (count > most) {
                throw Boxes.tooLarge(count + " samples");
            }
            ByteBuf table = in.slice(at + 12, in.readableBytes() - 12);
            if (bits != 32 && bits != 16 && bits != 8 && bits != 4) {
                throw Boxes.malformed("sizes of " + bits + " bits");
            }
            if (common == 0 && (count * bits + 7) / 8 > table.readableBytes()) {
                throw Boxes.malformed("fewer sizes than samples");
            }
            return new Sizes(table, (int) count, common, bits);
        }

        int get(int sample) {
            if (common != 0) {
                return common;
            }
            return switch (bits) {
                case 32 -> table.getInt(4 * sample);
                case 16 -> table.getUnsignedShort(2 * sample);
                case 8 -> table.getUnsignedByte(sample);
                default -> (table.getUnsignedByte(sample >> 1) >> (sample % 2 == 0 ? 4 : 0)) & 0xF;
            };
        }
    }

    /** Numbers that hold for so many samples each: {@code stts} and {@code ctts}. */
    private static final class Runs {
        private final ByteBuf table;
        private final int count;
        private int entry = -1;
        private long left;
        private int value;

        Runs(ByteBuf in, int samples) throws MalformedMovieException {
            this.table = table(in, 8);
            this.count = table.readableBytes() / 8;
            long all = 0;
            for (int i = 0; i < count && all < samples; i++) {
                all += table.getUnsignedInt(8 * i);
            }
            if (all < samples) {
                throw Boxes.malformed("times for " + all + " of " + samples + " samples");
            }
        }

        int next() {
            while (left == 0) {
                entry++;
                left = table.getUnsignedInt(8 * entry);
                value = table.getInt(8 * entry + 4);
            }
            left--;
            return value;
        }
    }

    /** Rising sample numbers: {@code stss}. */
    private static final class Numbers {
        private final ByteBuf table;
        private final int count;
        private int entry;

        Numbers(ByteBuf in) throws MalformedMovieException {
            this.table = table(in, 4);
            this.count = table.readableBytes() / 4;
        }

        /** Asked for by rising number. */
        boolean contains(int number) {
            while (entry < count && table.getUnsignedInt(4 * entry) < number) {
                entry++;
            }
            return entry < count && table.getUnsignedInt(4 * entry) == number;
        }
    }

    /** {@code stsc} over {@code stco} or {@code co64} */
    private static final class Chunks {
        private final ByteBuf runs;
        private final int runCount;
        private final ByteBuf offsets;
        private final boolean large;
        private final int chunkCount;
        private int chunk = -1;
        private int run = -1;
        private long samplesLeft;

        Chunks(ByteBuf stbl) throws MalformedMovieException {
            runs = table(Boxes.get(stbl, STSC), 12);
            runCount = runs.readableBytes() / 12;
            Optional<ByteBuf> wide = Boxes.find(stbl, CO64);
            large = wide.isPresent();
            offsets = large ? table(wide.get(), 8) : table(Boxes.get(stbl, STCO), 4);
            chunkCount = offsets.readableBytes() / (large ? 8 : 4);
        }

        boolean startsChunk() {
            return samplesLeft == 0;
        }

        /** Where the next chunk is. */
        long begin() throws MalformedMovieException {
            while (samplesLeft == 0) {
                chunk++;
                if (chunk >= chunkCount) {
                    throw Boxes.malformed("more samples than chunks hold");
                }
                if (run + 1 < runCount && runs.getUnsignedInt(12 * (run + 1)) <= chunk + 1L) {
                    run++;
                }
                if (run < 0) {
                    throw Boxes.malformed("a chunk that nobody describes");
                }
                samplesLeft = runs.getUnsignedInt(12 * run + 4);
                if (runs.getInt(12 * run + 8) != 1) {
                    throw new MalformedMovieException(
                            MalformedMovieException.Cause.CODEC, "a track that changes its format");
                }
            }
            return large ? offsets.getLong(8 * chunk) : offsets.getUnsignedInt(4 * chunk);
        }

        void sampleTaken() {
            samplesLeft--;
        }
    }

    /** The entries of a table whose number stands before them. */
    private static ByteBuf table(ByteBuf in, int each) throws MalformedMovieException {
        require(in, 8);
        long count = in.getUnsignedInt(in.readerIndex() + 4);
        if (count * each > in.readableBytes() - 8) {
            throw Boxes.malformed("a table that ends in the middle");
        }
        return in.slice(in.readerIndex() + 8, (int) count * each);
    }

    private static void require(ByteBuf in, int bytes) throws MalformedMovieException {
        if (in.readableBytes() < bytes) {
            throw Boxes.malformed("a box that ends in the middle");
        }
    }
}
