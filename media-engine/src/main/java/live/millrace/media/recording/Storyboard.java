// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.container.mp4.FragmentReader;

/**
 * Small pictures of a closed span, one about every ten seconds, all on one sheet: row by row, {@link #COLUMNS} in each. Which moments they show
 * follows from the span's segments, so nobody has to write it down. Immutable.
 *
 * @param width of each picture, in pixels
 * @param height of each picture, in pixels
 * @param pictures in order; never empty
 */
public record Storyboard(int width, int height, List<Picture> pictures) {
    /** Pictures in a row of a sheet. */
    public static final int COLUMNS = 6;

    /** A sheet has no more rows; a span of five minutes has 31 pictures at most. */
    private static final int MOST = COLUMNS * 12;

    private static final int MAX_WIDTH = 160;
    private static final int MAX_HEIGHT = 90;
    private static final long TICKS_PER_MILLI = 90;

    /** From one picture to the next, less what segments that should last ten seconds may be shorter. */
    private static final long LEAST_MILLIS = 9_500;

    /** What a decoder is handed; more is no storyboard's worth. */
    private static final int MOST_BYTES = 96 << 20;

    public Storyboard {
        pictures = List.copyOf(pictures);
    }

    /**
     * One of the pictures.
     *
     * @param startMillis from where on it stands for what is shown, in the recording's media time
     * @param endMillis where the next one begins, or the span ends
     * @param segment whose first access unit it is
     */
    public record Picture(long startMillis, long endMillis, RecordedSegment segment) {
        /** The wall clock at its moment. */
        public Instant clock() {
            return segment.programDateTime();
        }
    }

    /** The storyboard that a span has, or can have; empty for sound, what goes on, and what has no random access point. */
    public static Optional<Storyboard> of(RecordedTrack track, RecordedSpan span) {
        if (!track.isVideo() || !span.closed() || track.width() <= 0 || track.height() <= 0) {
            return Optional.empty();
        }
        List<RecordedSegment> chosen = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        long ticks = 0;
        for (RecordedSegment segment : span.segments().segments()) {
            long at = ticks / TICKS_PER_MILLI;
            if (segment.independent()
                    && chosen.size() < MOST
                    && (starts.isEmpty() || at - starts.getLast() >= LEAST_MILLIS)) {
                chosen.add(segment);
                starts.add(at);
            }
            ticks += segment.duration();
        }
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            long end = i + 1 < chosen.size() ? starts.get(i + 1) : ticks / TICKS_PER_MILLI;
            // The first stands for what comes before it as well.
            long start = i == 0 ? 0 : starts.get(i);
            pictures.add(new Picture(span.startMillis() + start, span.startMillis() + end, chosen.get(i)));
        }
        double scale = Math.min((double) MAX_WIDTH / track.width(), (double) MAX_HEIGHT / track.height());
        return Optional.of(new Storyboard(even(track.width() * scale), even(track.height() * scale), pictures));
    }

    /**
     * One picture of a span, also of one that goes on, in the size that it has: that of the last random access point up to a moment, but within a
     * range as far as there is one. Empty for sound, and where the span has nothing of the range.
     *
     * @param fromMillis where the range begins, in the recording's media time
     * @param wantedMillis the moment, likewise
     * @param toMillis where the range ends, likewise
     */
    public static Optional<Storyboard> still(
            RecordedTrack track, RecordedSpan span, long fromMillis, long wantedMillis, long toMillis) {
        if (!track.isVideo() || track.width() <= 0 || track.height() <= 0) {
            return Optional.empty();
        }
        Picture best = null;
        long ticks = 0;
        for (RecordedSegment segment : span.segments().segments()) {
            long at = span.startMillis() + ticks / TICKS_PER_MILLI;
            ticks += segment.duration();
            boolean nearer = best == null || at <= wantedMillis || best.startMillis() < fromMillis;
            if (segment.independent() && at < toMillis && nearer) {
                best = new Picture(at, span.startMillis() + ticks / TICKS_PER_MILLI, segment);
            }
        }
        return Optional.ofNullable(best).map(one -> new Storyboard(track.width(), track.height(), List.of(one)));
    }

    private static int even(double pixels) {
        return Math.max(2, 2 * (int) Math.round(pixels / 2));
    }

    /** Rows of the sheet. */
    public int rows() {
        return (pictures.size() + COLUMNS - 1) / COLUMNS;
    }

    /** Where the sheet of a span is, from where the span is. */
    public static String sheet(String object) {
        return object.replaceFirst("\\.mp4$", ".jpg");
    }

    /**
     * What a decoder needs for the pictures and for little else: the head of the span, and of each segment the first fragment. Blocks for the
     * disk.
     *
     * @param path of the span
     * @param head length of its initialization section in bytes
     * @return a fragmented MP4 file whose pictures keep their times
     * @throws IOException when it cannot be read, is not what the index says, or would be too much
     */
    public byte[] source(Path path, int head) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            out.write(read(file, 0, head));
            for (Picture picture : pictures) {
                RecordedSegment segment = picture.segment();
                int length = firstFragment(file, segment);
                if (length > MOST_BYTES - out.size()) {
                    throw new IOException("the pictures of " + path.getFileName() + " are too large");
                }
                out.write(read(file, segment.offset(), length));
            }
        }
        return out.toByteArray();
    }

    private static int firstFragment(FileChannel file, RecordedSegment segment) throws IOException {
        int head = FragmentReader.headLength(Unpooled.wrappedBuffer(read(file, segment.offset(), 8)));
        if (head == 0 || head > segment.bytes()) {
            throw new IOException("there is no fragment where the index says");
        }
        return FragmentReader.read(Unpooled.wrappedBuffer(read(file, segment.offset(), head)))
                .map(FragmentReader.Fragment::length)
                .filter(length -> length <= segment.bytes())
                .orElseThrow(() -> new IOException("a fragment is not whole"));
    }

    private static byte[] read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.read(into, at + into.position()) < 0) {
                throw new IOException("a span is shorter than the index says");
            }
        }
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(into.flip()));
    }
}
