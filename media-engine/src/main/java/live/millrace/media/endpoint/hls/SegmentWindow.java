// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one playlist: those that it lists, and those that left it and may still be asked for. Confined to the stream's
 * thread, but for {@link #find}.
 */
final class SegmentWindow {
    private static final long MILLIS_90KHZ = Timescale.MPEG / 1000;

    /** A playlist needs a bit rate before the first segment is measured. */
    private static final long LOWEST_BANDWIDTH = 32_000;

    /**
     * A segment of the list.
     *
     * @param stored null for a gap
     * @param source what it was made from; null when that is not kept
     */
    record Listed(
            long mediaSequence,
            long discontinuitySequence,
            MediaPlaylist.Entry entry,
            @Nullable StoredSegment stored,
            @Nullable TrackSegment source) {}

    private final HlsConfig config;
    private final HlsTimers timers;
    private final IntSupplier targetDuration;
    private final Deque<Listed> listed = new ArrayDeque<>();
    private final ConcurrentHashMap<Long, StoredSegment> fetchable = new ConcurrentHashMap<>();
    private long longestPlaylist;
    private boolean allIndependent;

    // For the multivariant playlist, which other threads build.
    private volatile long peakBandwidth = LOWEST_BANDWIDTH;
    private volatile long averageBandwidth = LOWEST_BANDWIDTH;
    private long totalBits;
    private long totalDuration;
    private boolean measured;

    /**
     * Lists nothing yet.
     *
     * @param soundAlone every segment starts with a random access point, whatever comes. With pictures it is not promised, since the
     *     promise is for segments to come as well: key frames may become rarer than segments can be long
     */
    SegmentWindow(HlsShared shared, IntSupplier targetDuration, boolean soundAlone) {
        this.allIndependent = soundAlone;
        this.config = shared.config();
        this.timers = shared.timers();
        this.targetDuration = targetDuration;
    }

    Deque<Listed> listed() {
        return listed;
    }

    /** Something is listed that can be fetched. */
    boolean hasSegment() {
        return listed.stream().anyMatch(each -> each.stored() != null);
    }

    boolean allIndependent() {
        return allIndependent;
    }

    long peakBandwidth() {
        return Math.max(peakBandwidth, averageBandwidth);
    }

    long averageBandwidth() {
        return averageBandwidth;
    }

    /** A segment that can be fetched. From any thread. */
    Optional<StoredSegment> find(long mediaSequence) {
        return Optional.ofNullable(fetchable.get(mediaSequence));
    }

    void add(Listed segment, boolean independent) {
        StoredSegment stored = segment.stored();
        if (stored != null) {
            stored.store();
            fetchable.put(segment.mediaSequence(), stored);
            measure(stored);
        }
        allIndependent &= independent;
        listed.addLast(segment);
        trim();
    }

    /**
     * Lists the numbers that are missing before a segment: there was nothing to say. Breaks among them are marked on the last of them:
     * players count tags, and every break began a number.
     *
     * @param before the segment's media sequence number
     * @param breaks the discontinuity sequence number that is reached before the segment and its own tag
     * @param durations of the presentation's segments, by number
     * @param addresses of the segments, by number
     */
    void fillGap(
            long before,
            long breaks,
            LongUnaryOperator durations,
            LongFunction<String> addresses,
            Optional<String> map) {
        Listed last = listed.peekLast();
        if (last == null) {
            return;
        }
        Instant time =
                last.entry().programDateTime().plusNanos(nanos(last.entry().duration()));
        long discontinuity = last.discontinuitySequence();
        for (long sequence = last.mediaSequence() + 1; sequence < before; sequence++) {
            long duration = durations.applyAsLong(sequence);
            boolean afterBreak = before - sequence <= breaks - discontinuity;
            discontinuity += afterBreak ? 1 : 0;
            MediaPlaylist.Entry gap = new MediaPlaylist.Entry(
                    addresses.apply(sequence), duration, time, afterBreak, map, true, List.of());
            add(new Listed(sequence, discontinuity, gap, null, null), true);
            time = time.plusNanos(nanos(duration));
        }
    }

    private static long nanos(long duration) {
        return duration * 100_000 / 9;
    }

    /** Guesses the bit rate until a segment is measured. */
    void guess(long bytes, long duration) {
        if (totalDuration == 0) {
            averageBandwidth = Math.max(LOWEST_BANDWIDTH, bytes * 8 * Timescale.MPEG / Math.max(1, duration));
            peakBandwidth = averageBandwidth;
        }
    }

    private void measure(StoredSegment stored) {
        long bits = stored.memory().readableBytes() * 8L;
        // Short ends of broadcasts would show rates that no player ever has to sustain.
        if (stored.duration() >= Timescale.MPEG / 2) {
            long before = measured ? peakBandwidth : LOWEST_BANDWIDTH;
            measured = true;
            peakBandwidth = Math.max(before, bits * Timescale.MPEG / stored.duration());
        }
        totalBits += bits;
        totalDuration += stored.duration();
        averageBandwidth = Math.max(1, totalBits * Timescale.MPEG / totalDuration);
    }

    /** RFC 8216 §6.2.2: what is left lasts three target durations at least. */
    private void trim() {
        long duration =
                listed.stream().mapToLong(each -> each.entry().duration()).sum();
        while (listed.size() > config.segments()
                && duration - listed.getFirst().entry().duration() >= 3L * targetDuration.getAsInt() * Timescale.MPEG) {
            Listed gone = listed.removeFirst();
            duration -= gone.entry().duration();
            remove(gone);
        }
        longestPlaylist = Math.max(longestPlaylist, duration);
    }

    /** §6.2.2: it stays for its own duration and that of the longest playlist that listed it. */
    private void remove(Listed gone) {
        StoredSegment stored = gone.stored();
        if (stored == null) {
            return;
        }
        stored.unlist();
        timers.later(
                () -> {
                    fetchable.remove(gone.mediaSequence());
                    stored.delete();
                },
                (stored.duration() + longestPlaylist) / MILLIS_90KHZ + targetDuration.getAsInt() * 1000L);
    }

    /** For how long an ended playlist's segments can be asked for, in ms. */
    long millisAfterEnd() {
        return longestPlaylist / MILLIS_90KHZ + targetDuration.getAsInt() * 1000L;
    }

    /** Gives all memory back, when nobody can ask any more. On the stream's thread, where segments are muxed and described. */
    void release() {
        give(StoredSegment::release);
    }

    /** Gives all memory back and deletes the files: nobody can ask any more, and the broadcast goes on. */
    void forget() {
        give(StoredSegment::delete);
    }

    private void give(Consumer<StoredSegment> back) {
        listed.clear();
        List<StoredSegment> all = List.copyOf(fetchable.values());
        fetchable.clear();
        Releasing.all(all, back);
    }
}
