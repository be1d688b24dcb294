// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A media playlist of something that is kept (RFC 8216 §4.3.3.5): all of it so far, all of it for ever, or a window of it. It may have tens of
 * thousands of entries, so that it says the wall clock only where it has to. Durations are in units of 90 kHz.
 */
public final class RecordPlaylist {
    /** EXT-X-SKIP needs 9 (rfc8216bis §8), EXT-X-GAP 8. */
    private static final int VERSION = 9;

    private static final int TICKS_PER_MILLI = 90;

    /** A player that begins in the middle, or loses count, finds a wall clock at least so often. */
    private static final Duration SAY_AGAIN = Duration.ofMinutes(5);

    /** What a sum of rounded durations may differ by. */
    private static final long TOLERANCE_MILLIS = 2;

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** What may still happen to it. */
    public enum Type {
        /** Entries are added. */
        EVENT,
        /** Nothing. */
        VOD,
        /** Entries are added, and leave. */
        WINDOW
    }

    /**
     * One media segment.
     *
     * @param discontinuity EXT-X-DISCONTINUITY stands before it
     * @param map its media initialization section
     * @param gap there is nothing to fetch
     */
    public record Entry(
            String uri, long duration, Instant programDateTime, boolean discontinuity, String map, boolean gap) {}

    private final String head;
    private final String body;
    private final int[] starts;
    private final int skippable;
    private final boolean ended;

    private RecordPlaylist(String head, String body, int[] starts, int skippable, boolean ended) {
        this.head = head;
        this.body = body;
        this.starts = starts;
        this.skippable = skippable;
        this.ended = ended;
    }

    /**
     * Writes a playlist.
     *
     * @param targetDuration in seconds
     * @param mediaSequence of the first entry
     * @param discontinuitySequence how many discontinuities have left a window
     */
    public static RecordPlaylist of(
            Type type, int targetDuration, long mediaSequence, long discontinuitySequence, List<Entry> entries) {
        StringBuilder head = new StringBuilder(256);
        head.append("#EXTM3U\n#EXT-X-VERSION:").append(VERSION).append('\n');
        head.append("#EXT-X-TARGETDURATION:").append(targetDuration).append('\n');
        head.append("#EXT-X-MEDIA-SEQUENCE:").append(mediaSequence).append('\n');
        if (type == Type.WINDOW) {
            head.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                    .append(discontinuitySequence)
                    .append('\n');
        } else {
            head.append("#EXT-X-PLAYLIST-TYPE:").append(type).append('\n');
        }
        if (type != Type.VOD) {
            head.append("#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=")
                    .append(MediaPlaylist.SKIP_TARGETS * targetDuration)
                    .append(".0\n");
        }
        head.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        StringBuilder body = new StringBuilder(entries.size() * 40);
        int[] starts = new int[entries.size()];
        Clock clock = new Clock();
        String map = "";
        for (int i = 0; i < entries.size(); i++) {
            starts[i] = body.length();
            Entry entry = entries.get(i);
            write(entry, map, clock, body);
            map = entry.map();
        }
        return new RecordPlaylist(
                head.toString(),
                body.toString(),
                starts,
                type == Type.VOD ? 0 : skippable(entries, targetDuration),
                type == Type.VOD);
    }

    private static int skippable(List<Entry> entries, int targetDuration) {
        long boundary = (long) MediaPlaylist.SKIP_TARGETS * targetDuration * TICKS_PER_MILLI * 1_000;
        long fromEnd = 0;
        int index = entries.size();
        while (index > 0 && fromEnd < boundary) {
            fromEnd += entries.get(--index).duration();
        }
        return fromEnd < boundary ? 0 : index;
    }

    /** What the wall clock is by what was said so far. */
    private static final class Clock {
        private @Nullable Instant said;
        private long ticks;

        boolean has(Instant time) {
            Instant base = said;
            if (base == null) {
                return false;
            }
            long expected = base.toEpochMilli() + ticks / TICKS_PER_MILLI;
            return Math.abs(time.toEpochMilli() - expected) <= TOLERANCE_MILLIS
                    && ticks / TICKS_PER_MILLI < SAY_AGAIN.toMillis();
        }

        void say(Instant time) {
            said = time;
            ticks = 0;
        }
    }

    private static void write(Entry entry, String mapBefore, Clock clock, StringBuilder out) {
        if (entry.discontinuity()) {
            out.append("#EXT-X-DISCONTINUITY\n");
        }
        if (entry.discontinuity() || !entry.map().equals(mapBefore)) {
            out.append("#EXT-X-MAP:URI=\"").append(entry.map()).append("\"\n");
        }
        if (entry.discontinuity() || !clock.has(entry.programDateTime())) {
            clock.say(entry.programDateTime());
            out.append("#EXT-X-PROGRAM-DATE-TIME:")
                    .append(WALL_CLOCK.format(entry.programDateTime()))
                    .append('\n');
        }
        clock.ticks += entry.duration();
        if (entry.gap()) {
            out.append("#EXT-X-GAP\n");
        }
        out.append("#EXTINF:");
        MediaPlaylist.seconds(entry.duration(), 6, out);
        out.append(",\n").append(entry.uri()).append('\n');
    }

    /** The playlist as it is served. */
    public String text() {
        return head + body + (ended ? "#EXT-X-ENDLIST\n" : "");
    }

    /** As a delta update (rfc8216bis §6.2.5.1): without what lies before the skip boundary. Whole when there is nothing. */
    public String delta() {
        return skippable == 0
                ? text()
                : head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=" + skippable + '\n' + body.substring(starts[skippable]);
    }
}
