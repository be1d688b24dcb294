// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An index that forgets nothing while it lives, and can be away. */
public final class MemoryIndex implements RecordingIndex {
    private final Map<String, Recording> all = new LinkedHashMap<>();
    private final List<String> heard = new ArrayList<>();
    private final Map<String, Recording.Access> access = new HashMap<>();
    private boolean away;
    private int questions;

    /** How often it was asked about one of them. */
    public synchronized int questions() {
        return questions;
    }

    public synchronized void away(boolean now) {
        away = now;
    }

    /** What was told, in order. */
    public synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    /** What a process finds that starts now. */
    synchronized MemoryIndex copy() {
        MemoryIndex copy = new MemoryIndex();
        copy.all.putAll(all);
        return copy;
    }

    public synchronized Recording get(String id) {
        return all.get(id);
    }

    private void note(String what) throws IOException {
        if (away) {
            throw new IOException("away");
        }
        heard.add(what);
    }

    @Override
    public synchronized void begun(Recording recording) throws IOException {
        note("begun");
        all.putIfAbsent(recording.id(), recording);
    }

    @Override
    public synchronized void track(String id, RecordedTrack track) throws IOException {
        note("track " + track.name() + " " + track.format());
        Recording old = all.get(id);
        List<RecordedTrack> tracks = new ArrayList<>(old.tracks());
        tracks.removeIf(each -> each.name().equals(track.name()) && each.format() == track.format());
        tracks.add(track);
        all.put(id, with(old, old.endedAt(), tracks, old.spans(), old.gaps()));
    }

    @Override
    public synchronized void span(String id, RecordedSpan span) throws IOException {
        note("span " + span.track() + "-" + span.ordinal() + (span.closed() ? " closed" : ""));
        Recording old = all.get(id);
        List<RecordedSpan> spans = new ArrayList<>(old.spans());
        spans.removeIf(each -> each.track().equals(span.track()) && each.ordinal() == span.ordinal());
        spans.add(span);
        all.put(id, with(old, old.endedAt(), old.tracks(), spans, old.gaps()));
    }

    @Override
    public synchronized void gap(String id, RecordingGap gap) throws IOException {
        note("gap " + gap.cause());
        Recording old = all.get(id);
        List<RecordingGap> gaps = new ArrayList<>(old.gaps());
        gaps.remove(gap);
        gaps.add(gap);
        all.put(id, with(old, old.endedAt(), old.tracks(), old.spans(), gaps));
    }

    @Override
    public synchronized void ended(String id, Instant at) throws IOException {
        note("ended");
        Recording old = all.get(id);
        all.put(id, with(old, Optional.of(at), old.tracks(), old.spans(), old.gaps()));
    }

    private static Recording with(
            Recording old,
            Optional<Instant> end,
            List<RecordedTrack> tracks,
            List<RecordedSpan> spans,
            List<RecordingGap> gaps) {
        return new Recording(
                old.id(), old.folder(), old.broadcast(), old.stream(), old.startedAt(), end, tracks, spans, gaps);
    }

    @Override
    public synchronized Optional<Recording> find(String id) throws IOException {
        questions++;
        if (away) {
            throw new IOException("away");
        }
        return Optional.ofNullable(all.get(id))
                .map(found -> found.with(access.getOrDefault(id, Recording.Access.EVERYBODY)));
    }

    /** From now on it is for others, as soon as it is read anew. */
    public synchronized void access(String id, Recording.Access now) {
        access.put(id, now);
    }

    /** Shows one that was written by hand, in place of what was there. */
    public synchronized void put(Recording recording) {
        all.put(recording.id(), recording);
    }

    /** Nobody may see it any more. */
    public synchronized void remove(String id) {
        all.remove(id);
    }

    @Override
    public synchronized List<String> ofStream(String stream, int most) {
        return all.values().stream()
                .filter(each -> each.stream().equals(stream))
                .map(Recording::id)
                .toList()
                .reversed();
    }

    @Override
    public synchronized List<Recording> unfinished() throws IOException {
        if (away) {
            throw new IOException("away");
        }
        return all.values().stream().filter(each -> each.endedAt().isEmpty()).toList();
    }
}
