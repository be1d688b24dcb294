// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;

/**
 * What a file consists of: for each stretch, the segments of its tracks in the order in which they lie in the file, some seconds of each
 * track in turn.
 *
 * @param tracks the default picture and the sounds, each in one format
 * @param stretches with at least one batch each
 */
record MoviePlan(List<RecordedTrack> tracks, List<List<Batch>> stretches) {
    /** A player reads both tracks of so much at a time: short enough to wait for, long enough for the disk. */
    private static final long BATCH_TICKS = Duration.ofSeconds(4).toSeconds() * 90_000;

    /** Some segments of one track behind each other in one span. */
    record Batch(RecordedSpan span, long offset, long end) {}

    /**
     * Plans a file.
     *
     * @param name of the file, for addresses of parts
     * @throws SeveralFilesException when the pictures or the sound have several formats
     */
    static MoviePlan of(Recording recording, MovieRequest request, String name) throws SeveralFilesException {
        List<String> names = Stretch.tracks(recording).stream()
                .filter(track -> track.startsWith("a") || (track.equals("v0") && !request.soundAlone()))
                .toList();
        Selection selection = Selection.between(recording, request.startMillis(), request.endMillis());
        List<Stretch> chosen = Stretch.of(recording).stream()
                .filter(stretch -> stretch.last() >= selection.from() && stretch.first() < selection.to())
                .filter(stretch -> names.stream().anyMatch(stretch::has))
                .toList();
        List<List<Stretch>> parts = parts(chosen, new HashSet<>(names));
        if (request.part() >= parts.size() && request.part() >= 0) {
            return new MoviePlan(List.of(), List.of());
        }
        if (parts.size() > 1 && request.part() < 0) {
            throw new SeveralFilesException(
                    "The format changed on the way, and few players take a file of several formats."
                            + " Each of these files has one:",
                    java.util.stream.IntStream.range(0, parts.size())
                            .mapToObj(part -> name + request.query(part))
                            .toList());
        }
        List<Stretch> part = parts.isEmpty() ? List.of() : parts.get(Math.max(0, request.part()));
        List<List<Batch>> stretches = part.stream()
                .map(stretch -> batches(stretch, names, selection))
                .filter(batches -> !batches.isEmpty())
                .toList();
        return new MoviePlan(tracks(recording, stretches, names), stretches);
    }

    /** Neighbours in which no track changes its format; one that is absent changes nothing. */
    private static List<List<Stretch>> parts(List<Stretch> stretches, Set<String> names) {
        List<List<Stretch>> parts = new ArrayList<>();
        Map<String, Integer> formats = new HashMap<>();
        for (Stretch stretch : stretches) {
            Map<String, Integer> now = stretch.spans().stream()
                    .filter(span -> names.contains(span.track()))
                    .collect(Collectors.toMap(RecordedSpan::track, RecordedSpan::format, (first, _) -> first));
            boolean goesOn = !parts.isEmpty()
                    && now.entrySet().stream()
                            .allMatch(each -> formats.getOrDefault(each.getKey(), each.getValue())
                                    .equals(each.getValue()));
            if (!goesOn) {
                parts.add(new ArrayList<>());
                formats.clear();
            }
            formats.putAll(now);
            parts.getLast().add(stretch);
        }
        return parts;
    }

    private static List<RecordedTrack> tracks(Recording recording, List<List<Batch>> stretches, List<String> names) {
        Map<String, Integer> formats = stretches.stream()
                .flatMap(List::stream)
                .map(Batch::span)
                .collect(Collectors.toMap(RecordedSpan::track, RecordedSpan::format, (first, _) -> first));
        Map<String, RecordedTrack> found = recording.tracks().stream()
                .filter(track -> formats.containsKey(track.name())
                        && formats.get(track.name()).equals(track.format()))
                .collect(Collectors.toMap(RecordedTrack::name, Function.identity(), (first, _) -> first));
        return names.stream().filter(found::containsKey).map(found::get).toList();
    }

    /** The segments of a track with the spans they are in, as one goes through them. */
    private static final class Walk {
        private final List<RecordedSpan> spans;
        private final Selection selection;
        private int span;
        private int segment;
        private List<RecordedSegment> segments = List.of();

        Walk(List<RecordedSpan> spans, Selection selection) {
            this.spans = spans;
            this.selection = selection;
            this.span = -1;
            settle();
        }

        private void settle() {
            while (true) {
                while (segment >= segments.size()) {
                    span++;
                    segment = 0;
                    if (span >= spans.size()) {
                        segments = List.of();
                        return;
                    }
                    segments = spans.get(span).segments().segments();
                }
                if (selection.has(segments.get(segment).sequence())) {
                    return;
                }
                segment++;
            }
        }

        boolean more() {
            return span < spans.size();
        }

        RecordedSegment segment() {
            return segments.get(segment);
        }

        RecordedSpan span() {
            return spans.get(span);
        }

        void next() {
            segment++;
            settle();
        }
    }

    /** The segments of a stretch that are selected, in the order of the file. */
    static List<Batch> batches(Stretch stretch, List<String> names, Selection selection) {
        List<Walk> walks = names.stream()
                .filter(stretch::has)
                .map(name -> new Walk(stretch.of(name), selection))
                .toList();
        List<Batch> batches = new ArrayList<>();
        while (walks.stream().anyMatch(Walk::more)) {
            Walk leader = walks.stream().filter(Walk::more).findFirst().orElseThrow();
            long last = leader.segment().sequence();
            long ticks = 0;
            List<Batch> first = new ArrayList<>();
            while (leader.more() && ticks < BATCH_TICKS) {
                last = leader.segment().sequence();
                ticks += leader.segment().duration();
                take(leader, first);
            }
            batches.addAll(first);
            for (Walk walk : walks) {
                List<Batch> others = new ArrayList<>();
                while (walk != leader && walk.more() && walk.segment().sequence() <= last) {
                    take(walk, others);
                }
                batches.addAll(others);
            }
        }
        return batches;
    }

    /** Adds a track's next segment to the batch it follows, or as another one. */
    private static void take(Walk walk, List<Batch> to) {
        RecordedSegment segment = walk.segment();
        long end = segment.offset() + segment.bytes();
        Batch before = to.isEmpty() ? null : to.getLast();
        if (before != null && before.span().equals(walk.span()) && before.end() == segment.offset()) {
            to.set(to.size() - 1, new Batch(before.span(), before.offset(), end));
        } else {
            to.add(new Batch(walk.span(), segment.offset(), end));
        }
        walk.next();
    }
}
