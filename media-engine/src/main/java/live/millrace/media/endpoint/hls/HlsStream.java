// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.segment.MediaSegment;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast as HLS: the window of listed segments, those that left it and may still be asked for, and the playlist, built once for
 * each new segment and served to everybody.
 *
 * <p>Segments come on the stream's thread; everything that HTTP reads is volatile or concurrent.
 */
final class HlsStream implements SegmentListener {
    private static final long MILLIS_90KHZ = Timescale.MPEG / 1000;

    /** A multivariant playlist needs a bit rate before the first segment is measured. */
    private static final long LOWEST_BANDWIDTH = 64_000;

    /** One version of the playlist, ready to be sent. */
    record Version(ByteBuf text, ByteBuf gzip, String entityTag, MultivariantPlaylist.Variant variant) {}

    private final LiveStream stream;
    private final HlsConfig config;
    private final SegmentFiles files;
    private final Runnable onGone;
    private final Viewers viewers;
    private final ConcurrentHashMap<Long, StoredSegment> fetchable = new ConcurrentHashMap<>();
    private volatile @Nullable Version version;
    private volatile @Nullable StoredSegment newest;

    // Confined to the stream's thread.
    private final Deque<StoredSegment> listed = new ArrayDeque<>();
    private int targetDuration;
    private long peakBandwidth = LOWEST_BANDWIDTH;
    private long totalBits;
    private long totalDuration;
    private boolean allIndependent = true;
    private long longestPlaylist;

    HlsStream(LiveStream stream, HlsConfig config, SegmentFiles files, Viewers viewers, Runnable onGone) {
        this.stream = stream;
        this.config = config;
        this.files = files;
        this.viewers = viewers;
        this.onGone = onGone;
    }

    LiveStream stream() {
        return stream;
    }

    Viewers viewers() {
        return viewers;
    }

    /** Empty until there is something to play. */
    Optional<Version> version() {
        return Optional.ofNullable(version);
    }

    /** The newest segment; empty until there is one. */
    Optional<StoredSegment> newest() {
        return Optional.ofNullable(newest);
    }

    /** The segments of the last so many ticks of 90 kHz that can still be fetched, the oldest first. */
    List<StoredSegment> recent(long duration) {
        List<StoredSegment> newestFirst = new ArrayList<>(fetchable.values());
        newestFirst.sort(Comparator.comparingLong(
                        (StoredSegment stored) -> stored.segment().mediaSequence())
                .reversed());
        List<StoredSegment> recent = new ArrayList<>();
        long left = duration;
        for (StoredSegment stored : newestFirst) {
            if (left <= 0) {
                break;
            }
            recent.addFirst(stored);
            left -= stored.segment().duration();
        }
        return recent;
    }

    Optional<StoredSegment> segment(long mediaSequence) {
        return Optional.ofNullable(fetchable.get(mediaSequence));
    }

    @Override
    public void segment(MediaSegment segment, int target, List<Track> tracks) {
        targetDuration = target;
        StoredSegment stored = new StoredSegment(segment, files.path(stream.broadcastId(), segment.mediaSequence()));
        files.write(stored.file(), segment.content(), stored::written);
        fetchable.put(segment.mediaSequence(), stored);
        listed.addLast(stored);
        newest = stored;
        allIndependent &= segment.independent();
        measure(segment);
        trim();
        publish(tracks, false);
        stream.markPlayable();
    }

    private void measure(MediaSegment segment) {
        long bits = segment.content().readableBytes() * 8L;
        // Short ends of broadcasts would show rates that no player ever has to sustain.
        if (segment.duration() >= Timescale.MPEG / 2) {
            peakBandwidth = Math.max(peakBandwidth, bits * Timescale.MPEG / segment.duration());
        }
        totalBits += bits;
        totalDuration += segment.duration();
    }

    /** RFC 8216 §6.2.2: what is left lasts three target durations at least. */
    private void trim() {
        long duration = listed.stream().mapToLong(s -> s.segment().duration()).sum();
        while (listed.size() > config.segments()
                && duration - listed.getFirst().segment().duration() >= 3L * targetDuration * Timescale.MPEG) {
            StoredSegment gone = listed.removeFirst();
            duration -= gone.segment().duration();
            remove(gone);
        }
        longestPlaylist = Math.max(longestPlaylist, duration);
    }

    /** §6.2.2: it stays for its own duration and that of the longest playlist that listed it. */
    private void remove(StoredSegment gone) {
        gone.unlist();
        long millis = (gone.segment().duration() + longestPlaylist) / MILLIS_90KHZ;
        files.later(
                () -> {
                    fetchable.remove(gone.segment().mediaSequence());
                    gone.release();
                    files.deleteNow(gone.file());
                },
                millis + targetDuration * 1000L);
    }

    @Override
    public void ended() {
        if (listed.isEmpty()) {
            onGone.run();
            return;
        }
        publish(List.of(), true);
        long millis = longestPlaylist / MILLIS_90KHZ + targetDuration * 1000L;
        files.later(
                () -> {
                    onGone.run();
                    fetchable.values().forEach(StoredSegment::release);
                    fetchable.clear();
                    files.deleteBroadcast(stream.broadcastId());
                },
                millis);
    }

    private void publish(List<Track> tracks, boolean end) {
        MediaSegment first = listed.getFirst().segment();
        List<MediaPlaylist.Entry> entries = new ArrayList<>(listed.size());
        for (StoredSegment stored : listed) {
            MediaSegment segment = stored.segment();
            entries.add(new MediaPlaylist.Entry(
                    stream.path() + "/" + stream.broadcastId() + "/" + segment.mediaSequence() + ".ts",
                    segment.duration(),
                    segment.programDateTime(),
                    segment.discontinuity()));
        }
        // The number counts the tags that left; the first entry's own tag is still there.
        long discontinuities = first.discontinuitySequence() - (first.discontinuity() ? 1 : 0);
        String text = new MediaPlaylist(
                        targetDuration, first.mediaSequence(), discontinuities, allIndependent, entries, end)
                .text();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Version before = version;
        MultivariantPlaylist.Variant variant = tracks.isEmpty() && before != null ? before.variant() : variant(tracks);
        version = new Version(
                unpooled(bytes),
                unpooled(gzip(bytes)),
                "\"" + listed.getLast().segment().mediaSequence() + (end ? "-end" : "") + "\"",
                variant);
    }

    private MultivariantPlaylist.Variant variant(List<Track> tracks) {
        Optional<TrackFormat.Video> video = tracks.stream()
                .map(Track::format)
                .filter(TrackFormat.Video.class::isInstance)
                .map(TrackFormat.Video.class::cast)
                .findFirst();
        OptionalDouble frameRate = video.isPresent() && video.get() instanceof TrackFormat.H264 h264
                ? h264.configuration().sequenceParameterSet().frameRate()
                : OptionalDouble.empty();
        return new MultivariantPlaylist.Variant(
                stream.path() + ".ts.m3u8",
                peakBandwidth,
                totalDuration == 0 ? peakBandwidth : totalBits * Timescale.MPEG / totalDuration,
                tracks.stream().map(track -> track.format().codecString()).toList(),
                video.map(format -> format.width() + "x" + format.height()),
                frameRate);
    }

    private static ByteBuf unpooled(byte[] bytes) {
        // Never released and never pooled: a version lives until its last reader has gone.
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes).asReadOnly());
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        fetchable.values().forEach(StoredSegment::release);
        fetchable.clear();
    }
}
