// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * The frames since the last random access point of the default picture; of sound alone, those of the last second or two. What
 * a subscriber that joins late needs to begin. Beyond its bounds it is dropped until the next random access point: an encoder that
 * never sends one costs no memory.
 *
 * <p>Frames are copied into blocks of memory and remembered in numbers. So a frame's own buffer goes back at once, and the next frame
 * finds it warm; and a thousand streams do not make a hundred thousand objects for the garbage collector to move.
 *
 * <p>Confined to the stream's thread.
 */
final class FrameCache {
    static final int MAX_FRAMES = 2_500;
    static final long MAX_BYTES = 16L << 20;

    /** OBS by itself sends a key frame every 250 pictures: so many seconds at the slowest rate that people stream. */
    static final long MAX_MILLIS = 20_000;

    private static final long SOUND_ALONE_MILLIS = 1_000;

    /** Frames are not split between blocks; a longer one has a block of its own. */
    private static final int BLOCK = 16 << 10;

    private static final int FIRST_CAPACITY = 64;

    /**
     * What is remembered of frames, three numbers for each, side by side: with a thousand streams every line of memory that a frame
     * touches is a cold one.
     *
     * <pre>
     * decode time
     * composition time offset : 32 | random access point : 1 | length : 31
     * track : 8 | block : 24 | start in the block : 32
     * </pre>
     */
    private static final class Index {
        private static final int STRIDE = 3;
        private static final int LENGTH_MASK = Integer.MAX_VALUE;

        private final Track[] tracks = new Track[2 * Track.MAX_OF_KIND];
        private long[] numbers = new long[FIRST_CAPACITY * STRIDE];
        int count;

        void add(MediaFrame frame, int block, int start) {
            int at = count++ * STRIDE;
            if (at == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * at);
            }
            Track track = frame.track();
            tracks[track.id()] = track;
            long key = frame.randomAccessPoint() ? 1L << 31 : 0;
            numbers[at] = frame.decodeTime();
            numbers[at + 1] = (long) frame.compositionTimeOffset() << 32
                    | key
                    | frame.payload().readableBytes();
            numbers[at + 2] = (long) track.id() << 56 | (long) block << 32 | start;
        }

        private Track track(int i) {
            return tracks[(int) (numbers[i * STRIDE + 2] >>> 56)];
        }

        long millis(int i) {
            return Timescale.convert(numbers[i * STRIDE], track(i).timescale(), Timescale.MILLIS);
        }

        /** A frame whose payload is lent by its block. */
        MediaFrame frame(int i, List<ByteBuf> blocks) {
            long middle = numbers[i * STRIDE + 1];
            long place = numbers[i * STRIDE + 2];
            ByteBuf block = blocks.get((int) (place >>> 32) & 0xFFFFFF);
            return new MediaFrame(
                    track(i),
                    numbers[i * STRIDE],
                    (int) (middle >> 32),
                    (middle & 1L << 31) != 0,
                    block.slice((int) place, (int) middle & LENGTH_MASK));
        }
    }

    private @Nullable Index index;
    private List<ByteBuf> blocks = new ArrayList<>();
    private boolean hasVideo;
    private boolean open;
    private long bytes;
    private long firstMillis;

    /** Whether a subscriber that comes now has something to begin with. */
    boolean isOpen() {
        return open;
    }

    /** Other tracks: what came before belongs to no subscriber that begins now. */
    void tracks(Iterable<Track> tracks) {
        clear();
        hasVideo = false;
        for (Track track : tracks) {
            hasVideo |= track.isVideo();
        }
    }

    /** Copies a frame, which is borrowed. */
    void add(MediaFrame frame) {
        long now = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
        Index frames = index;
        if (frames == null) {
            frames = new Index();
            index = frames;
        }
        if (hasVideo) {
            if (frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
                // Sound, and other renditions' key frames, that belong to the new beginning came a little before it.
                keepFrom(frames, now);
                open = true;
            }
        } else if (frames.count == 0 || now - firstMillis >= 2 * SOUND_ALONE_MILLIS) {
            keepFrom(frames, now - SOUND_ALONE_MILLIS);
            open = true;
        }
        if (!open) {
            return;
        }
        append(frames, frame);
        if (frames.count > MAX_FRAMES || bytes > MAX_BYTES || now - firstMillis > MAX_MILLIS) {
            clear();
        }
    }

    private void append(Index frames, MediaFrame frame) {
        ByteBuf payload = frame.payload();
        int length = payload.readableBytes();
        ByteBuf block = blocks.isEmpty() ? null : blocks.getLast();
        if (block == null || block.writableBytes() < length) {
            int size = Math.max(BLOCK, length);
            block = PooledByteBufAllocator.DEFAULT.directBuffer(size, size);
            blocks.add(block);
        }
        if (frames.count == 0) {
            firstMillis = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
        }
        frames.add(frame, blocks.size() - 1, block.writerIndex());
        block.writeBytes(payload, payload.readerIndex(), length);
        bytes += length;
    }

    /** Drops what is older than a time; the little that is left moves to the front. */
    private void keepFrom(Index frames, long millis) {
        int first = 0;
        while (first < frames.count && frames.millis(first) < millis) {
            first++;
        }
        int count = frames.count;
        List<ByteBuf> old = blocks;
        blocks = new ArrayList<>(old.size());
        bytes = 0;
        frames.count = 0;
        try {
            for (int i = first; i < count; i++) {
                append(frames, frames.frame(i, old));
            }
        } finally {
            Releasing.all(old);
        }
    }

    /** Lends every frame, the oldest first. */
    void replay(Consumer<MediaFrame> to) {
        Index frames = index;
        if (frames != null) {
            for (int i = 0; i < frames.count; i++) {
                to.accept(frames.frame(i, blocks));
            }
        }
    }

    void clear() {
        List<ByteBuf> old = blocks;
        blocks = new ArrayList<>();
        bytes = 0;
        open = false;
        if (index != null) {
            index.count = 0;
        }
        Releasing.all(old);
    }
}
