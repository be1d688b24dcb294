// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;

/**
 * What was recorded of all tracks between two breaks.
 *
 * @param first media sequence number of its first segment, in whichever track
 * @param last of its last segment, likewise
 * @param spans of all tracks
 */
record Stretch(long first, long last, List<RecordedSpan> spans) {
    /** A track that begins alone, and is so far ahead of the picture, is the beginning of another stretch. */
    private static final int AHEAD = 3;

    /** The default picture. */
    private static final String PICTURE = "v0";

    /** The spans of a track without a break between them. */
    private record Run(long first, long last, List<RecordedSpan> spans) {
        Run with(RecordedSpan span) {
            return new Run(
                    first,
                    span.segments().lastSequence(),
                    Stream.concat(spans.stream(), Stream.of(span)).toList());
        }
    }

    /**
     * The stretches of a recording, in order. Tracks do not say by themselves that they are of one stretch: those of one have segments of
     * the same numbers.
     */
    static List<Stretch> of(Recording recording) {
        List<Run> runs = runs(recording);
        List<Stretch> stretches = new ArrayList<>();
        for (Run run : runs) {
            Stretch before = stretches.isEmpty() ? null : stretches.getLast();
            if (before != null && run.first() <= before.last()) {
                stretches.set(
                        stretches.size() - 1,
                        new Stretch(
                                before.first(),
                                Math.max(before.last(), run.last()),
                                Stream.concat(before.spans().stream(), run.spans().stream())
                                        .toList()));
            } else if (before == null || recording.endedAt().isPresent() || !isEarly(run, before)) {
                stretches.add(new Stretch(run.first(), run.last(), run.spans()));
            }
        }
        return stretches;
    }

    /** Sound that is written before the picture of the same time looks like a beginning: one has to wait for the picture. */
    private static boolean isEarly(Run run, Stretch before) {
        return before.has(PICTURE)
                && !run.spans().getFirst().track().equals(PICTURE)
                && run.last() <= before.last() + AHEAD;
    }

    private static List<Run> runs(Recording recording) {
        List<Run> runs = new ArrayList<>();
        for (String track : tracks(recording)) {
            Run open = null;
            for (RecordedSpan span : recording.spans(track)) {
                if (span.segments().size() == 0) {
                    continue;
                }
                if (open == null || span.discontinuity()) {
                    if (open != null) {
                        runs.add(open);
                    }
                    open = new Run(
                            span.segments().firstSequence(), span.segments().lastSequence(), List.of(span));
                } else {
                    open = open.with(span);
                }
            }
            if (open != null) {
                runs.add(open);
            }
        }
        // The picture first: it begins what others join.
        runs.sort(Comparator.comparingLong(Run::first)
                .thenComparing(run -> !run.spans().getFirst().track().equals(PICTURE)));
        return runs;
    }

    /** The names of the tracks that have segments: pictures, then sounds, by number. */
    static List<String> tracks(Recording recording) {
        return recording.spans().stream()
                .filter(span -> span.segments().size() > 0)
                .map(RecordedSpan::track)
                .distinct()
                .sorted(Comparator.comparing((String name) -> !name.startsWith("v"))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    boolean has(String track) {
        return spans.stream().anyMatch(span -> span.track().equals(track));
    }

    /** The spans of a track, in order. */
    List<RecordedSpan> of(String track) {
        return spans.stream().filter(span -> span.track().equals(track)).toList();
    }

    /** The names of its tracks. */
    Set<String> names() {
        return spans.stream().map(RecordedSpan::track).collect(Collectors.toSet());
    }

    /** A segment of a number, of any track that has one. */
    Optional<RecordedSegment> any(long sequence) {
        return spans.stream()
                .filter(span -> holds(span, sequence))
                .flatMap(span -> find(span, sequence).stream())
                .findFirst();
    }

    /** Whether a number lies between those of a span. */
    static boolean holds(RecordedSpan span, long sequence) {
        return span.segments().size() > 0
                && sequence >= span.segments().firstSequence()
                && sequence <= span.segments().lastSequence();
    }

    /** The segment of a span that has a number. */
    static Optional<RecordedSegment> find(RecordedSpan span, long sequence) {
        return span.segments().segments().stream()
                .filter(segment -> segment.sequence() == sequence)
                .findFirst();
    }
}
