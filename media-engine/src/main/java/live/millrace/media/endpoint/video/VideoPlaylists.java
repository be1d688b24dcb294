// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.zip.GZIPOutputStream;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.protocol.hls.RecordPlaylist;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;

/** Playlists of recordings: each version is written once, off the event loops, for all who ask. Thread-safe. */
final class VideoPlaylists {
    private static final long MAX_BYTES = 64L << 20;
    private static final Duration KEPT = Duration.ofMinutes(2);

    /** From here on, bytes on the wire are dearer than those that have to be packed. */
    private static final int WORTH_PACKING = 4_096;

    private final Executor executor;
    private final Cache<Key, CompletableFuture<Version>> versions = Caffeine.newBuilder()
            .expireAfterAccess(KEPT)
            .maximumWeight(MAX_BYTES)
            .<Key, CompletableFuture<Version>>weigher((_, made) -> made.isDone() && !made.isCompletedExceptionally()
                    ? made.join().weight()
                    : 1_000)
            .build();

    /** What makes a playlist what it is. */
    record Key(
            String id,
            String track,
            int segments,
            boolean ended,
            Optional<Long> window,
            long from,
            long to,
            String query) {}

    /** One version of one playlist. */
    static final class Version {
        private final byte[] whole;
        private final byte[] delta;
        private final byte[] packed;

        Version(RecordPlaylist playlist) {
            whole = playlist.text().getBytes(StandardCharsets.UTF_8);
            delta = playlist.delta().getBytes(StandardCharsets.UTF_8);
            packed = whole.length < WORTH_PACKING ? new byte[0] : gzip(whole);
        }

        int weight() {
            return whole.length + delta.length + packed.length;
        }

        boolean packs(boolean wantsDelta) {
            return !wantsDelta && packed.length > 0;
        }

        ByteBuf bytes(boolean wantsDelta, boolean gzip) {
            return Unpooled.wrappedBuffer(wantsDelta ? delta : gzip && packs(false) ? packed : whole);
        }
    }

    VideoPlaylists(Executor executor) {
        this.executor = executor;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 8);
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * A track's playlist.
     *
     * @param window in milliseconds: no more than the newest so many are listed; empty for all
     * @param from in media time; 0 for the beginning
     * @param to in media time; nothing is listed behind it
     * @param query what children inherit
     */
    CompletableFuture<Version> track(
            Recording recording, String track, Optional<Long> window, long from, long to, String query) {
        int segments = recording.spans().stream()
                .filter(span -> span.track().equals(track))
                .mapToInt(span -> span.segments().size())
                .sum();
        Key key = new Key(
                recording.id(),
                track,
                segments,
                recording.endedAt().isPresent(),
                recording.endedAt().isPresent() ? Optional.empty() : window,
                from,
                to,
                query);
        CompletableFuture<Version> fresh = new CompletableFuture<>();
        CompletableFuture<Version> known = versions.asMap().putIfAbsent(key, fresh);
        if (known != null) {
            return known;
        }
        executor.execute(() -> {
            try {
                fresh.complete(new Version(playlist(recording, key)));
                versions.put(key, fresh); // it is weighed now
            } catch (RuntimeException e) {
                versions.asMap().remove(key, fresh);
                fresh.completeExceptionally(e);
            }
        });
        return fresh;
    }

    static RecordPlaylist playlist(Recording recording, Key key) {
        long start = key.window().isPresent()
                ? Math.max(key.from(), recording.durationMillis() - key.window().get())
                : key.from();
        RecordedEntries.Listed listed =
                new RecordedEntries(recording, key.track(), key.query()).between(start, key.to());
        boolean over = key.ended() || key.to() < recording.durationMillis();
        return RecordPlaylist.of(
                over
                        ? RecordPlaylist.Type.VOD
                        : key.window().isPresent() ? RecordPlaylist.Type.WINDOW : RecordPlaylist.Type.EVENT,
                Math.max(2, listed.targetSeconds()),
                listed.mediaSequence(),
                listed.discontinuities(),
                listed.entries());
    }

    /**
     * What there is to play.
     *
     * @param base leads from the playlist to those of the tracks
     */
    static String multivariant(Recording recording, String base, String query, boolean soundAlone) {
        List<RecordedTrack> pictures = soundAlone ? List.of() : newest(recording, true);
        List<RecordedTrack> sounds = newest(recording, false);
        List<MultivariantPlaylist.Variant> variants = new ArrayList<>();
        for (RecordedTrack each : pictures.isEmpty() ? sounds : pictures) {
            long peak = peak(recording, each);
            long average = average(recording, each);
            List<String> codecs = new ArrayList<>(List.of(each.codec()));
            if (each.isVideo()) {
                for (RecordedTrack sound : sounds) {
                    if (!codecs.contains(sound.codec())) {
                        codecs.add(sound.codec());
                    }
                }
                peak += sounds.stream()
                        .mapToLong(sound -> peak(recording, sound))
                        .max()
                        .orElse(0);
                average += sounds.stream()
                        .mapToLong(sound -> average(recording, sound))
                        .max()
                        .orElse(0);
            }
            variants.add(new MultivariantPlaylist.Variant(
                    base + each.name() + ".m3u8" + query,
                    peak,
                    average,
                    codecs,
                    each.width() == 0 ? Optional.empty() : Optional.of(each.width() + "x" + each.height()),
                    OptionalDouble.empty()));
        }
        List<MultivariantPlaylist.Rendition> renditions = new ArrayList<>();
        if (!pictures.isEmpty()) {
            for (RecordedTrack sound : sounds) {
                int number = Integer.parseInt(sound.name().substring(1)) + 1;
                renditions.add(new MultivariantPlaylist.Rendition(
                        base + sound.name() + ".m3u8" + query, "Audio " + number, 2));
            }
        }
        return new MultivariantPlaylist(renditions, variants).text();
    }

    /** Each track in the format that it had last, by name. */
    static List<RecordedTrack> newest(Recording recording, boolean video) {
        List<RecordedTrack> tracks = new ArrayList<>();
        recording.tracks().stream()
                .filter(each -> each.isVideo() == video)
                .filter(each -> recording.spans().stream()
                        .anyMatch(span -> span.track().equals(each.name())
                                && span.segments().size() > 0))
                .sorted((a, b) -> a.name().equals(b.name())
                        ? Integer.compare(b.format(), a.format())
                        : a.name().compareTo(b.name()))
                .forEach(each -> {
                    if (tracks.stream().noneMatch(other -> other.name().equals(each.name()))) {
                        tracks.add(each);
                    }
                });
        return tracks;
    }

    private static long average(Recording recording, RecordedTrack track) {
        long bytes = 0;
        long ticks = 0;
        for (RecordedSpan span : recording.spans()) {
            if (span.track().equals(track.name())) {
                bytes += span.bytes();
                ticks += span.segments().duration();
            }
        }
        return ticks == 0 ? 1 : Math.max(1, bytes * 8 * 90_000 / ticks);
    }

    /** Of the heaviest segment. */
    private static long peak(Recording recording, RecordedTrack track) {
        return recording.spans().stream()
                .filter(span -> span.track().equals(track.name()))
                .flatMap(span -> span.segments().segments().stream())
                .mapToLong(segment -> segment.bytes() * 8L * 90_000 / Math.max(1, segment.duration()))
                .max()
                .orElse(1);
    }
}
