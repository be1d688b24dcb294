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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.protocol.hls.GrowingPlaylist;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;

/**
 * Playlists of recordings. One of hours takes a thread some milliseconds when it is asked for first; then what comes is added to it, and each
 * version is written once for all who ask. Thread-safe.
 */
final class Lists {
    private static final long LIST_MEMORY = 48L << 20;
    private static final long ANSWER_MEMORY = 32L << 20;
    private static final int ANSWER_WEIGHT = 400;
    private static final Duration LISTS_KEPT = Duration.ofMinutes(10);
    private static final Duration ANSWERS_KEPT = Duration.ofMinutes(1);
    private static final int MOST_TARGETS = 10_000;
    private static final int TICKS_PER_SECOND = 90_000;

    /** What no target duration is shorter than. */
    private static final int LEAST_TARGET = 2;

    /** A list has three target durations at least (RFC 8216 §6.2.2). */
    private static final int LEAST_TARGETS = 3;

    private record Name(String recording, String track) {}

    private record Asked(String recording, String list, ListRequest request) {}

    /** What was answered while the recording was as it was then. */
    private record Written(Recording recording, ByteBuf bytes, String entityTag) {
        HttpAnswer answer(boolean gzip) {
            return VideoAnswers.kept(
                    bytes.duplicate(),
                    MediaPlaylist.CONTENT_TYPE,
                    recording.endedAt().isPresent() ? VideoAnswers.FINISHED : VideoAnswers.GROWING,
                    gzip,
                    entityTag);
        }
    }

    private final VideoWork work;
    private final FrameRates frameRates;
    private final ToIntFunction<Recording> liveTarget;
    private final Cache<Name, TrackList> lists = Caffeine.newBuilder()
            .maximumWeight(LIST_MEMORY)
            .expireAfterAccess(LISTS_KEPT)
            .<Name, TrackList>weigher((_, list) -> list.playlist().weight())
            .build();
    private final Cache<Asked, Written> answers = Caffeine.newBuilder()
            .maximumWeight(ANSWER_MEMORY)
            .expireAfterAccess(ANSWERS_KEPT)
            .<Asked, Written>weigher(
                    (_, written) -> ANSWER_WEIGHT + written.bytes().capacity())
            .build();

    /** The target duration of a playlist never changes as long as somebody may ask again. */
    private final Cache<String, Integer> targets = Caffeine.newBuilder()
            .maximumSize(MOST_TARGETS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** @param liveTarget the target duration of a recording whose broadcast is on, in seconds; 0 when it is not */
    Lists(VideoWork work, FrameRates frameRates, ToIntFunction<Recording> liveTarget) {
        this.work = work;
        this.frameRates = frameRates;
        this.liveTarget = liveTarget;
    }

    // ---- media playlists --------------------------------------------------------------------------------------

    /** The playlist of a track; not found when the recording has none. */
    CompletionStage<HttpAnswer> media(Recording recording, String track, ListRequest request) {
        Asked asked = new Asked(recording.id(), track, request.ofMedia());
        Optional<Written> there = written(recording, asked);
        if (there.isPresent()) {
            return CompletableFuture.completedStage(there.get().answer(request.gzip()));
        }
        if (!Stretch.tracks(recording).contains(track)) {
            return CompletableFuture.completedStage(VideoAnswers.notFound());
        }
        return work.list(() -> write(recording, track, asked).answer(request.gzip()));
    }

    private Optional<Written> written(Recording recording, Asked asked) {
        return Optional.ofNullable(answers.getIfPresent(asked))
                .filter(written -> written.recording().equals(recording));
    }

    private Written write(Recording recording, String track, Asked asked) {
        TrackList list = list(recording, track);
        synchronized (list) {
            Optional<Written> there = written(list.recording(), asked);
            if (there.isPresent()) {
                return there.get();
            }
            String text = text(list, asked.request());
            return keep(list.recording(), asked, text);
        }
    }

    private Written keep(Recording recording, Asked asked, String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        CRC32C sum = new CRC32C();
        sum.update(plain);
        boolean gzip = asked.request().gzip();
        String tag = "\"" + Long.toHexString(sum.getValue()) + "-" + plain.length + (gzip ? "-gz" : "") + "\"";
        byte[] bytes = gzip ? gzip(plain) : plain;
        Written written = new Written(
                recording,
                Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes).asReadOnly()),
                tag);
        answers.put(asked, written);
        return written;
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** The list with all that the recording has, or a newer version of it. */
    private TrackList list(Recording recording, String track) {
        Name name = new Name(recording.id(), track);
        TrackList list = lists.get(name, _ -> new TrackList(track, recording));
        synchronized (list) {
            if (isNewer(recording, list.recording())) {
                if (!list.update(recording)) {
                    list = new TrackList(track, recording);
                }
                lists.put(name, list); // it is weighed anew
            }
        }
        return list;
    }

    /** Two requests may come in another order than what they found. */
    private static boolean isNewer(Recording found, Recording known) {
        boolean ended = found.endedAt().isPresent();
        return ended ? !found.equals(known) : known.endedAt().isEmpty() && found.bytes() > known.bytes();
    }

    private String text(TrackList list, ListRequest request) {
        Recording recording = list.recording();
        GrowingPlaylist playlist = list.playlist();
        int target = target(recording, list);
        Selection selection = Selection.between(recording, request.startMillis(), request.endMillis());
        int from = list.entry(selection.from());
        int to = list.entry(selection.to());
        boolean ended = recording.endedAt().isPresent() || to < playlist.size();
        GrowingPlaylist.Type type = ended ? GrowingPlaylist.Type.VOD : GrowingPlaylist.Type.EVENT;
        if (request.windowSeconds() > 0) {
            long seconds = Math.max(request.windowSeconds(), (long) LEAST_TARGETS * target);
            from = Math.max(from, playlist.last(seconds * TICKS_PER_SECOND));
            type = GrowingPlaylist.Type.WINDOW;
        }
        GrowingPlaylist.Header header = new GrowingPlaylist.Header(target, list.firstSequence(), type, ended);
        return request.delta() ? playlist.delta(header, from, to) : playlist.text(header, from, to);
    }

    private int target(Recording recording, TrackList list) {
        int known = targets.get(recording.id(), _ -> longest(recording));
        int now = Math.max(Math.max(known, list.playlist().leastTarget()), liveTarget.applyAsInt(recording));
        if (now > known) {
            targets.put(recording.id(), now);
        }
        return now;
    }

    private static int longest(Recording recording) {
        long most = 0;
        for (RecordedSpan span : recording.spans()) {
            for (RecordedSegment segment : span.segments().segments()) {
                most = Math.max(most, segment.duration());
            }
        }
        return Math.toIntExact(Math.max(LEAST_TARGET, (most + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND));
    }

    // ---- multivariant playlists -------------------------------------------------------------------------------

    /**
     * The multivariant playlist.
     *
     * @param base what leads from its address to the folder of the recording
     */
    CompletionStage<HttpAnswer> multivariant(Recording recording, String base, ListRequest request) {
        Asked asked = new Asked(recording.id(), base + "/", request);
        Optional<Written> there = written(recording, asked);
        if (there.isPresent()) {
            return CompletableFuture.completedStage(there.get().answer(request.gzip()));
        }
        return work.list(() -> {
            Map<String, TrackList> tracks = new LinkedHashMap<>();
            for (String track : Stretch.tracks(recording)) {
                tracks.put(track, list(recording, track));
            }
            MultivariantPlaylist playlist = new VideoVariants(
                            recording, tracks, track -> frameRates.of(recording, track), base, request.handedOn())
                    .playlist(request.soundAlone());
            return playlist.variants().isEmpty()
                    ? VideoAnswers.notFound()
                    : keep(recording, asked, playlist.text()).answer(request.gzip());
        });
    }
}
