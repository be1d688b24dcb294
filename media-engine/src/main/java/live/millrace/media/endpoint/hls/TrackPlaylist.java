// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * One track as a low-latency playlist of CMAF segments. Not thread-safe: what adds to it, ends it or gives it back runs on the stream's
 * thread; what HTTP reads from other threads (the last section below, {@link #track} and {@link #reload}) is volatile or concurrent.
 */
final class TrackPlaylist {
    /** Parts stay listed for so many target durations (rfc8216bis §6.2.2). */
    private static final int PARTS_TARGETS = 3;

    /** Of the gap that stands for what was before a playlist's beginning. */
    private static final int LEADING_PARTS = 2;

    /** More than there are segments in the longest list. */
    private static final int MOST_INITIALIZATIONS = 256;

    private final String name;
    private final String folder;
    private final HlsStream stream;
    private final SegmentWindow window;
    private final BlockingReload reload;
    private final long partTarget;

    /** The open segment's parts, by index. */
    private final ConcurrentHashMap<Integer, ByteBuf> openParts = new ConcurrentHashMap<>();

    /** Of the formats that it had lately, by number. */
    private final ConcurrentSkipListMap<Integer, ByteBuf> initializations = new ConcurrentSkipListMap<>();

    private volatile SegmentedTrack track;

    /** The number of the gap that leads it; -1 without one. */
    private volatile long leadingGap = -1;

    // Lifetime of the open segment.
    private long openSegment = -1;
    private long afterOpen = -1;
    private @Nullable Instant openTime;
    private long openDiscontinuitySequence;
    private boolean openDiscontinuity;
    private final List<MediaPlaylist.Part> parts = new ArrayList<>();
    private final List<Integer> partSizes = new ArrayList<>();

    /**
     * An empty playlist.
     *
     * @param name in its address
     * @param folder of its segments, relative to the playlist's address, with a slash at its end
     */
    TrackPlaylist(
            String name,
            SegmentedTrack track,
            String folder,
            HlsStream stream,
            SegmentWindow window,
            AtomicInteger held) {
        this.track = track;
        this.name = name;
        this.folder = folder + name + "/";
        this.stream = stream;
        this.window = window;
        this.partTarget = stream.partTarget();
        this.reload = new BlockingReload(held, stream::targetDuration, partTarget / (Timescale.MPEG / 1_000));
    }

    String name() {
        return name;
    }

    /** What it holds now. */
    SegmentedTrack track() {
        return track;
    }

    SegmentWindow window() {
        return window;
    }

    BlockingReload reload() {
        return reload;
    }

    // ---- on the stream's thread -------------------------------------------------------------------------------

    void track(SegmentedTrack changed) {
        track = changed;
        initializations.computeIfAbsent(changed.initialization(), _ -> {
            ByteBuf section = Unpooled.buffer(1_024);
            InitializationSection.write(List.of(changed.track()), section);
            return Unpooled.unreleasableBuffer(section.asReadOnly());
        });
        while (initializations.size() > MOST_INITIALIZATIONS) {
            initializations.pollFirstEntry();
        }
    }

    void part(Part part) {
        if (part.mediaSequence() != openSegment) {
            openSegment = part.mediaSequence();
            openTime = part.segmentTime();
            openDiscontinuitySequence = part.discontinuitySequence();
            openDiscontinuity = part.discontinuity();
            parts.clear();
            partSizes.clear();
            fillGap(openSegment, part.discontinuitySequence(), openDiscontinuity);
        }
        ByteBuf before = openParts.put(part.index(), part.content());
        if (before != null) {
            before.release(); // of a segment that was never ended
        }
        partSizes.add(part.content().readableBytes());
        parts.add(new MediaPlaylist.Part(
                folder + part.mediaSequence() + "." + part.index() + ".m4s", part.duration(), part.independent()));
        window.guess(
                partSizes.stream().mapToLong(Integer::longValue).sum(),
                parts.stream().mapToLong(MediaPlaylist.Part::duration).sum());
        publish(false);
    }

    /**
     * Lists a gap before the open segment if nothing else is listed, so that players can begin with parts. Many take a playlist
     * without any whole segment for an empty one; and hls.js 1.7 fetches no part of the first segment that has any.
     */
    void lead() {
        Instant time = openTime;
        if (parts.isEmpty() || time == null || !window.listed().isEmpty()) {
            return;
        }
        long number = openSegment - 1;
        leadingGap = number;
        List<MediaPlaylist.Part> gaps = new ArrayList<>();
        for (int i = 0; i < LEADING_PARTS; i++) {
            gaps.add(new MediaPlaylist.Part(folder + number + "." + i + ".m4s", partTarget, false, true));
        }
        long duration = LEADING_PARTS * partTarget;
        MediaPlaylist.Entry gap = new MediaPlaylist.Entry(
                folder + number + ".m4s",
                duration,
                time.minusNanos(duration * 100_000 / 9),
                false,
                Optional.of(map()),
                true,
                gaps);
        long discontinuities = openDiscontinuitySequence - (openDiscontinuity ? 1 : 0);
        window.add(new SegmentWindow.Listed(number, discontinuities, gap, null, null), true);
        publish(false);
    }

    /** The open segment is whole. */
    void segment(TrackSegment segment) {
        fillGap(segment.mediaSequence(), segment.discontinuitySequence(), segment.discontinuity());
        int[] ends = new int[partSizes.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += partSizes.get(i);
            ends[i] = end;
        }
        StoredSegment stored = new StoredSegment(
                segment.mediaSequence(),
                segment.duration(),
                segment.content(),
                ends,
                stream.store(),
                stream.objectName(segment.mediaSequence() + "." + name + ".m4s"));
        MediaPlaylist.Entry entry = new MediaPlaylist.Entry(
                folder + segment.mediaSequence() + ".m4s",
                segment.duration(),
                segment.programDateTime(),
                segment.discontinuity(),
                Optional.of(map()),
                false,
                List.copyOf(parts));
        window.add(
                new SegmentWindow.Listed(
                        segment.mediaSequence(), segment.discontinuitySequence(), entry, stored, segment),
                segment.independent());
        afterOpen = segment.mediaSequence() + 1;
        openSegment = -1;
        parts.clear();
        partSizes.clear();
        List<ByteBuf> done = new ArrayList<>(openParts.values());
        openParts.clear();
        Releasing.all(done);
        publish(false);
    }

    /** Parts stand where their segment will: what is missing before it is listed first. */
    private void fillGap(long before, long discontinuitySequence, boolean discontinuity) {
        long breaks = discontinuitySequence - (discontinuity ? 1 : 0);
        window.fillGap(before, breaks, stream::duration, number -> folder + number + ".m4s", Optional.of(map()));
    }

    private String map() {
        return folder + track.initializationName() + ".mp4";
    }

    void ended() {
        publish(true);
    }

    private void publish(boolean ended) {
        if (!stream.hasTarget() && !ended) {
            return; // a playlist's target duration never changes: there is none before it is known
        }
        int targetDuration = stream.targetDuration();
        List<MediaPlaylist.Entry> entries = new ArrayList<>(window.listed().size() + 1);
        long fromEnd = 0;
        List<SegmentWindow.Listed> listed = List.copyOf(window.listed());
        for (int i = listed.size() - 1; i >= 0; i--) {
            MediaPlaylist.Entry entry = listed.get(i).entry();
            boolean recent = fromEnd < (long) PARTS_TARGETS * targetDuration * Timescale.MPEG;
            entries.addFirst(recent && !ended ? entry : withoutParts(entry));
            fromEnd += entry.duration();
        }
        boolean open = openSegment >= 0 && openTime != null && !parts.isEmpty() && !ended;
        if (open) {
            entries.add(new MediaPlaylist.Entry(
                    "",
                    parts.stream().mapToLong(MediaPlaylist.Part::duration).sum(),
                    Objects.requireNonNull(openTime),
                    openDiscontinuity,
                    Optional.of(map()),
                    false,
                    List.copyOf(parts)));
        }
        if (entries.isEmpty()) {
            return;
        }
        long lastSegment = listed.isEmpty() ? -1 : listed.getLast().mediaSequence();
        long next = open ? openSegment : afterOpen;
        int nextPart = open ? parts.size() : 0;
        MediaPlaylist playlist = new MediaPlaylist(
                targetDuration,
                listed.isEmpty() ? openSegment : listed.getFirst().mediaSequence(),
                discontinuities(listed),
                window.allIndependent(),
                entries,
                ended,
                Optional.of(new MediaPlaylist.LowLatency(
                        partTarget,
                        stream.partHoldBack(),
                        ended ? Optional.empty() : Optional.of(folder + next + "." + nextPart + ".m4s"),
                        reports())));
        reload.publish(new PlaylistVersion(playlist, lastSegment, open ? openSegment : -1, open ? nextPart : 0));
    }

    /** The number counts the tags that left; the first entry's own tag is still there. */
    private long discontinuities(List<SegmentWindow.Listed> listed) {
        if (listed.isEmpty()) {
            return openDiscontinuitySequence - (openDiscontinuity ? 1 : 0);
        }
        SegmentWindow.Listed first = listed.getFirst();
        return first.discontinuitySequence() - (first.entry().discontinuity() ? 1 : 0);
    }

    private static MediaPlaylist.Entry withoutParts(MediaPlaylist.Entry entry) {
        return entry.parts().isEmpty()
                ? entry
                : new MediaPlaylist.Entry(
                        entry.uri(),
                        entry.duration(),
                        entry.programDateTime(),
                        entry.discontinuity(),
                        entry.map(),
                        entry.gap(),
                        List.of());
    }

    /** Where the other tracks are, so that a player that switches asks for the right thing first. */
    private List<MediaPlaylist.RenditionReport> reports() {
        Collection<TrackPlaylist> all = stream.renditions().all();
        List<MediaPlaylist.RenditionReport> reports = new ArrayList<>(all.size());
        for (TrackPlaylist other : all) {
            PlaylistVersion version = other.reload.version();
            if (other != this && version != null && !version.playlist().ended()) {
                boolean open = version.openParts() > 0;
                int lastParts = version.playlist().entries().getLast().parts().size();
                reports.add(new MediaPlaylist.RenditionReport(
                        other.name + ".m3u8",
                        open ? version.openSegment() : version.lastSegment(),
                        (open ? version.openParts() : lastParts) - 1));
            }
        }
        return reports;
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        give(window::release);
    }

    /** Gives all memory back and deletes the files: nobody can ask any more, and the broadcast goes on. */
    void forget() {
        give(window::forget);
    }

    private void give(Runnable segments) {
        List<ByteBuf> left = List.copyOf(openParts.values());
        openParts.clear();
        try {
            segments.run();
        } finally {
            Releasing.all(left);
        }
    }

    // ---- from any thread --------------------------------------------------------------------------------------

    /** An initialization section, by its name. */
    Optional<ByteBuf> initialization(String name) {
        String number = name.substring(name.lastIndexOf('-') + 1);
        return number.matches("\\d{1,9}") && name.equals(track.initializationName(Integer.parseInt(number)))
                ? Optional.ofNullable(initializations.get(Integer.parseInt(number)))
                : Optional.empty();
    }

    /** Nothing is there, and never was. Players that know no gaps fetch it all the same, and make much of an error. */
    boolean isLeadingGap(long sequence) {
        return sequence == leadingGap;
    }

    /** The bytes of a part, owned by the caller: at once, or as soon as the part that was hinted at is there. */
    CompletionStage<Optional<ByteBuf>> content(long sequence, int index, Executor reader) {
        Optional<CompletionStage<ByteBuf>> there = find(sequence, index, reader);
        if (there.isPresent()) {
            return there.get().thenApply(Optional::of);
        }
        PlaylistVersion now = reload.version();
        if (now == null || !hinted(now, sequence, index)) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return reload.await(sequence, index)
                .thenCompose(_ -> find(sequence, index, reader)
                        .map(found -> found.thenApply(Optional::of))
                        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())));
    }

    /**
     * A segment: at once, or as soon as it is whole when it is the next one. Players of DASH ask for the next number before the
     * manifest tells of it, and some do so hundreds of times a second when they are told that it is not there.
     */
    CompletionStage<Optional<StoredSegment>> segment(long sequence) {
        Optional<StoredSegment> there = window.find(sequence);
        PlaylistVersion now = reload.version();
        if (there.isPresent() || now == null || sequence != now.lastSegment() + 1) {
            return CompletableFuture.completedStage(there);
        }
        return reload.await(sequence, -1).handle((_, _) -> window.find(sequence));
    }

    private static boolean hinted(PlaylistVersion version, long sequence, int index) {
        return version.openParts() > 0
                ? sequence == version.openSegment() && index == version.openParts()
                : sequence == version.lastSegment() + 1 && index == 0;
    }

    private Optional<CompletionStage<ByteBuf>> find(long sequence, int index, Executor reader) {
        Optional<StoredSegment> stored = window.find(sequence);
        if (stored.isPresent()) {
            return index < stored.get().parts() ? Optional.of(stored.get().part(index, reader)) : Optional.empty();
        }
        PlaylistVersion now = reload.version();
        ByteBuf open = now != null && now.openSegment() == sequence ? openParts.get(index) : null;
        if (open == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(CompletableFuture.completedStage(open.retainedDuplicate()));
        } catch (IllegalReferenceCountException closed) {
            // Between the question and the answer the segment became whole.
            return window.find(sequence).filter(s -> index < s.parts()).map(s -> s.part(index, reader));
        }
    }
}
