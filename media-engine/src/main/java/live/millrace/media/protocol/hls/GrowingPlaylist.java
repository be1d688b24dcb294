// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A media playlist to which segments are added for hours (RFC 8216 §4.3.3.5, EXT-X-PLAYLIST-TYPE): its text is written once for each
 * segment, however often it is asked for. From the same text come delta updates (rfc8216bis §6.2.5.1) and any stretch of it. All durations are
 * in units of 90 kHz. Not thread-safe.
 */
public final class GrowingPlaylist {
    /** EXT-X-SKIP needs 9 (bis §8). */
    private static final int VERSION = 9;

    private static final int TICKS_PER_SECOND = 90_000;
    private static final int TICKS_PER_MILLI = 90;

    /** Whoever begins in the middle does not count from far away. */
    private static final long TIME_EVERY = Duration.ofMinutes(10).toSeconds() * TICKS_PER_SECOND;

    /** What rounding to milliseconds makes of a clock that stands still. */
    private static final long ROUNDING_MILLIS = 1;

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * A media segment.
     *
     * @param uri of its bytes
     * @param range which of them, as EXT-X-BYTERANGE says it (RFC 8216 §4.3.2.2), with the offset; null for all
     * @param map of its media initialization section
     * @param programDateTime of its first access unit; null when nobody knows, and it follows from the one before
     * @param discontinuity EXT-X-DISCONTINUITY stands before it
     * @param gap there is nothing to fetch
     */
    public record Entry(
            String uri,
            @Nullable String range,
            String map,
            long duration,
            @Nullable Instant programDateTime,
            boolean discontinuity,
            boolean independent,
            boolean gap) {
        /** One that has an address of its own. */
        public Entry(
                String uri,
                String map,
                long duration,
                @Nullable Instant programDateTime,
                boolean discontinuity,
                boolean independent,
                boolean gap) {
            this(uri, null, map, duration, programDateTime, discontinuity, independent, gap);
        }
    }

    /** Whether more will come, and whether what was there stays. */
    public enum Type {
        /** What was there stays. */
        EVENT,
        /** The oldest goes when more comes. */
        WINDOW,
        /** It is whole. */
        VOD
    }

    private final StringBuilder body = new StringBuilder(4_096);

    // By entry: where its lines begin in the body, and where those that stand wherever it is listed first.
    private int[] starts = new int[64];
    private int[] lines = new int[64];

    // And one more: when it begins in the list, in wall clock and in media, and breaks up to it.
    private long[] times = new long[64];
    private long[] positions = new long[65];
    private int[] breaks = new int[64];
    private String[] maps = new String[64];
    private final BitSet dependent = new BitSet();
    private int size;

    private long saidTime;
    private long saidAt;
    private long longest;

    /** Adds a segment behind all others. */
    public void add(Entry entry) {
        if (size == starts.length) {
            grow();
        }
        boolean first = size == 0;
        starts[size] = body.length();
        breaks[size] = (first ? 0 : breaks[size - 1]) + (entry.discontinuity() ? 1 : 0);
        maps[size] = entry.map();
        long expected = saidTime + (positions[size] - saidAt) / TICKS_PER_MILLI;
        Instant said = entry.programDateTime();
        times[size] = said == null ? expected : said.toEpochMilli();
        if (entry.discontinuity()) {
            body.append("#EXT-X-DISCONTINUITY\n");
        }
        if (first || entry.discontinuity() || !entry.map().equals(maps[size - 1])) {
            map(entry.map(), body);
        }
        if (first
                || entry.discontinuity()
                || Math.abs(times[size] - expected) > ROUNDING_MILLIS
                || positions[size] - saidAt >= TIME_EVERY) {
            time(times[size], body);
            saidTime = times[size];
            saidAt = positions[size];
        }
        lines[size] = body.length();
        if (entry.gap()) {
            body.append("#EXT-X-GAP\n");
        }
        body.append("#EXTINF:");
        seconds(entry.duration(), body);
        body.append(",\n");
        if (entry.range() != null) {
            body.append("#EXT-X-BYTERANGE:").append(entry.range()).append('\n');
        }
        body.append(entry.uri()).append('\n');
        dependent.set(size, !entry.independent() && !entry.gap());
        positions[size + 1] = positions[size] + entry.duration();
        longest = Math.max(longest, entry.duration());
        size++;
    }

    private void grow() {
        int more = size * 2;
        starts = Arrays.copyOf(starts, more);
        lines = Arrays.copyOf(lines, more);
        times = Arrays.copyOf(times, more);
        positions = Arrays.copyOf(positions, more + 1);
        breaks = Arrays.copyOf(breaks, more);
        maps = Arrays.copyOf(maps, more);
    }

    /** Segments that were added. */
    public int size() {
        return size;
    }

    /** What it takes, about, in bytes of memory. */
    public int weight() {
        return body.capacity() + starts.length * 32;
    }

    /** When a segment begins, counted from the first one; that of the size is the end. */
    public long position(int entry) {
        return positions[entry];
    }

    /** The least target duration that RFC 8216 §4.3.3.1 allows, in seconds. */
    public int leastTarget() {
        return Math.toIntExact((longest + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND);
    }

    /** The first segment of those that play the last so many ticks, or longer. */
    public int last(long duration) {
        long from = positions[size] - duration;
        if (from <= 0) {
            return 0;
        }
        int found = Arrays.binarySearch(positions, 0, size + 1, from);
        return Math.min(found >= 0 ? found : -found - 2, Math.max(0, size - 1));
    }

    /**
     * What is said above the segments.
     *
     * @param target in seconds; it is the same as long as somebody may ask again
     * @param sequence media sequence number of the first segment that was ever added
     * @param ended nothing will be added
     */
    public record Header(int target, long sequence, Type type, boolean ended) {}

    /**
     * The playlist, or a stretch of it, as it is served.
     *
     * @param from its first segment
     * @param to the one behind its last
     */
    public String text(Header header, int from, int to) {
        return text(header, from, to, from);
    }

    /**
     * A delta update: without the segments that are older than the skip boundary. Empty when there are none, or nothing will be added.
     */
    public OptionalLong skipped(Header header, int from, int to) {
        if (header.ended()) {
            return OptionalLong.empty();
        }
        long boundary = positions[to] - (long) MediaPlaylist.SKIP_TARGETS * header.target() * TICKS_PER_SECOND;
        int found = Arrays.binarySearch(positions, from, to, boundary);
        int first = found >= 0 ? found : -found - 2;
        return first > from ? OptionalLong.of(first) : OptionalLong.empty();
    }

    /** The delta update of a stretch; all of it where nothing is to be left out. */
    public String delta(Header header, int from, int to) {
        return text(header, from, to, (int) skipped(header, from, to).orElse(from));
    }

    private String text(Header header, int from, int to, int first) {
        boolean any = first < to;
        int end = to == size ? body.length() : starts[to];
        int begin = any ? starts[first] : end;
        StringBuilder out = new StringBuilder(end - begin + 512);
        out.append("#EXTM3U\n#EXT-X-VERSION:").append(VERSION).append('\n');
        out.append("#EXT-X-TARGETDURATION:").append(header.target()).append('\n');
        switch (header.type()) {
            case EVENT -> out.append("#EXT-X-PLAYLIST-TYPE:EVENT\n");
            case VOD -> out.append("#EXT-X-PLAYLIST-TYPE:VOD\n");
            case WINDOW -> {}
        }
        if (!header.ended()) {
            out.append("#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=")
                    .append(MediaPlaylist.SKIP_TARGETS * header.target())
                    .append(".0\n");
        }
        out.append("#EXT-X-MEDIA-SEQUENCE:").append(header.sequence() + from).append('\n');
        if (from < to) {
            boolean broken = from > 0 && breaks[from] > breaks[from - 1];
            out.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                    .append(breaks[from] - (broken ? 1 : 0))
                    .append('\n');
        }
        int depends = dependent.nextSetBit(from);
        if (depends < 0 || depends >= to) {
            out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }
        if (first > from) {
            out.append("#EXT-X-SKIP:SKIPPED-SEGMENTS=").append(first - from).append('\n');
        }
        if (any) {
            if (first > 0 && breaks[first] > breaks[first - 1]) {
                out.append("#EXT-X-DISCONTINUITY\n");
            }
            map(Objects.requireNonNull(maps[first]), out);
            time(times[first], out);
            out.append(body, lines[first], end);
        }
        if (header.ended()) {
            out.append("#EXT-X-ENDLIST\n");
        }
        return out.toString();
    }

    private static void map(String uri, StringBuilder out) {
        out.append("#EXT-X-MAP:URI=\"").append(uri).append("\"\n");
    }

    private static void time(long millis, StringBuilder out) {
        out.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(WALL_CLOCK.format(Instant.ofEpochMilli(millis)))
                .append('\n');
    }

    /** Six digits are what 90 kHz needs to add up; zeros at their end say nothing. */
    private static void seconds(long duration, StringBuilder out) {
        long micros = (duration * 100 + 4) / 9;
        out.append(micros / 1_000_000);
        long rest = micros % 1_000_000;
        if (rest == 0) {
            return;
        }
        out.append('.');
        for (long unit = 100_000; rest > 0; unit /= 10) {
            out.append((char) ('0' + rest / unit));
            rest %= unit;
        }
    }
}
