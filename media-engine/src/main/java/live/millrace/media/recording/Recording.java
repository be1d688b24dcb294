// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of one recording at a moment: all of its index.
 *
 * @param id its public name, {@link RecordingId}
 * @param folder of the store, in which its spans are
 * @param broadcast that it is of
 * @param stream what the broadcast was watched as: application and name with a slash between them
 * @param startedAt the wall clock at its first access unit
 * @param endedAt empty while it goes on, or may
 * @param tracks by name and format
 * @param spans by track, in order
 * @param gaps in order
 * @param mirror an address, without a slash at its end, below which anybody may fetch those of its spans that are in the archive; empty for
 *     nowhere. What is not for everybody has none
 * @param access who may have it
 */
public record Recording(
        String id,
        String folder,
        UUID broadcast,
        String stream,
        Instant startedAt,
        Optional<Instant> endedAt,
        List<RecordedTrack> tracks,
        List<RecordedSpan> spans,
        List<RecordingGap> gaps,
        Optional<String> mirror,
        Access access) {
    /** Who may have a recording. */
    public enum Access {
        /** Everybody who has its name. */
        EVERYBODY,
        /** Those who were allowed to watch it; for all others there is none. */
        TICKET
    }

    /** For everybody. */
    public Recording(
            String id,
            String folder,
            UUID broadcast,
            String stream,
            Instant startedAt,
            Optional<Instant> endedAt,
            List<RecordedTrack> tracks,
            List<RecordedSpan> spans,
            List<RecordingGap> gaps,
            Optional<String> mirror) {
        this(id, folder, broadcast, stream, startedAt, endedAt, tracks, spans, gaps, mirror, Access.EVERYBODY);
    }

    /** Without a mirror. */
    public Recording(
            String id,
            String folder,
            UUID broadcast,
            String stream,
            Instant startedAt,
            Optional<Instant> endedAt,
            List<RecordedTrack> tracks,
            List<RecordedSpan> spans,
            List<RecordingGap> gaps) {
        this(id, folder, broadcast, stream, startedAt, endedAt, tracks, spans, gaps, Optional.empty());
    }

    public Recording {
        tracks = List.copyOf(tracks);
        spans = List.copyOf(spans);
        gaps = List.copyOf(gaps);
        mirror = access == Access.EVERYBODY ? mirror : Optional.empty();
    }

    /** Where a span's bytes are in the store. */
    public String object(RecordedSpan span) {
        return object(folder, span.track(), span.ordinal());
    }

    /** Where the bytes of a track's span are in the store. */
    public static String object(String folder, String track, int ordinal) {
        return folder + "/" + track + "-" + ordinal + ".mp4";
    }

    /** The spans of a track, in order. */
    public List<RecordedSpan> spans(String track) {
        return spans.stream()
                .filter(span -> span.track().equals(track))
                .sorted(Comparator.comparingInt(RecordedSpan::ordinal))
                .toList();
    }

    /** How long it plays. */
    public long durationMillis() {
        return spans.stream().mapToLong(RecordedSpan::endMillis).max().orElse(0);
    }

    /** What its whole segments take. */
    public long bytes() {
        return spans.stream().mapToLong(RecordedSpan::bytes).sum();
    }

    /** The same without anything of what it consists of. */
    Recording head() {
        return new Recording(id, folder, broadcast, stream, startedAt, endedAt, List.of(), List.of(), List.of());
    }

    /** The same once its broadcast is over. */
    Recording ended(Instant at) {
        return new Recording(
                id, folder, broadcast, stream, startedAt, Optional.of(at), tracks, spans, gaps, mirror, access);
    }

    /** The same for others. */
    public Recording with(Access other) {
        return other == access
                ? this
                : new Recording(id, folder, broadcast, stream, startedAt, endedAt, tracks, spans, gaps, mirror, other);
    }
}
