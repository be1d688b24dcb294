// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import org.jspecify.annotations.Nullable;

/**
 * Recordings as MP4 files that nobody wrote (docs/adr/0065-an-mp4-that-is-no-file.md). What was listed once is kept for whoever goes on with a
 * file. Thread-safe.
 */
final class Movies {
    /** Two of the largest, or hundreds of usual ones. */
    private static final long MEMORY = 2 * MovieBuilder.MOST_HEAD_BYTES;

    private static final Duration KEPT = Duration.ofMinutes(10);

    /** Of what goes on, so old a list is new enough. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private record Name(String recording, MovieRequest request) {}

    private final Recordings recordings;
    private final VideoWork work;
    private final SpanContent spans;
    private final InstantSource clock;
    private final ConcurrentHashMap<Name, CompletableFuture<Optional<Movie>>> building = new ConcurrentHashMap<>();
    private final Cache<Name, Movie> built = Caffeine.newBuilder()
            .maximumWeight(MEMORY)
            .expireAfterAccess(KEPT)
            .<Name, Movie>weigher((_, movie) -> movie.weight())
            .build();

    Movies(Recordings recordings, VideoWork work, SpanContent spans, InstantSource clock) {
        this.recordings = recordings;
        this.work = work;
        this.spans = spans;
        this.clock = clock;
    }

    /** The file, or the rest of one. */
    CompletionStage<HttpAnswer> answer(Recording recording, MovieRequest request, HttpHeaders headers) {
        if (request.startMillis() >= 0 && request.startMillis() >= recording.durationMillis()) {
            return CompletableFuture.completedStage(
                    VideoAnswers.notFound()); // of what is behind the end there is nothing
        }
        Name name = new Name(recording.id(), request);
        Movie known = built.getIfPresent(name);
        Optional<Duration> away = recordings.away(recording);
        if (away.isPresent() && !goesOn(headers)) {
            // Its beginning is in memory: better nothing than a file that breaks behind it.
            return CompletableFuture.completedStage(HttpAnswer.notNow(away.get()));
        }
        if (known != null && isGoodFor(recording, known, headers)) {
            return CompletableFuture.completedStage(answer(known));
        }
        return build(name, recording)
                .thenApply(movie -> movie.map(Movies::answer).orElseGet(VideoAnswers::notFound))
                .exceptionally(VideoAnswers::failed);
    }

    private boolean isGoodFor(Recording now, Movie known, HttpHeaders headers) {
        if (version(known.recording()) == version(now)) {
            return true; // also where its bytes went elsewhere meanwhile
        }
        // Spans may have been deleted since, but not while it goes on.
        boolean going = now.endedAt().isEmpty();
        return going && (goesOn(headers) || known.builtAt().plus(FRESH).isAfter(clock.instant()));
    }

    /** The rest of a file is asked for, and not its beginning. */
    private static boolean goesOn(HttpHeaders headers) {
        @Nullable String range = headers.get(HttpHeaderNames.RANGE);
        return range != null && !range.startsWith("bytes=0-");
    }

    private static HttpAnswer answer(Movie movie) {
        return VideoAnswers.ranges(
                movie.content(),
                movie.contentType(),
                movie.recording().endedAt().isPresent() ? VideoAnswers.FINISHED : VideoAnswers.GROWING,
                movie.entityTag());
    }

    private CompletableFuture<Optional<Movie>> build(Name name, Recording recording) {
        CompletableFuture<Optional<Movie>> fresh = new CompletableFuture<>();
        CompletableFuture<Optional<Movie>> going = building.putIfAbsent(name, fresh);
        if (going != null) {
            return going;
        }
        var _ = work.build(recording.id(), () -> make(recording, name.request()))
                .whenComplete((movie, failure) -> {
                    if (movie != null) {
                        movie.ifPresent(each -> built.put(name, each));
                    }
                    building.remove(name, fresh);
                    if (failure == null) {
                        fresh.complete(movie);
                    } else {
                        fresh.completeExceptionally(
                                failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                        ? wrapped.getCause()
                                        : failure);
                    }
                });
        return fresh;
    }

    /** Blocks for the disk. */
    Optional<Movie> make(Recording recording, MovieRequest request) throws IOException, SeveralFilesException {
        boolean frames = request.form() == MovieRequest.Form.FRAMES;
        MoviePlan plan =
                MoviePlan.of(recording, request, recording.id() + request.form().suffix());
        if (frames
                && !(plan.tracks().size() == 1
                        && Mp3.isNamed(plan.tracks().getFirst().codec()))) {
            return Optional.empty();
        }
        List<HttpAnswer.Content> pieces;
        try (MovieBuilder builder = new MovieBuilder(
                recording,
                span -> new HeadReader(recordings, recording, span),
                (span, offset, length) -> spans.piece(recording, span, offset, length))) {
            pieces = frames ? builder.frames(plan) : builder.build(plan);
        } catch (MovieBuilder.TooLongException e) {
            throw new SeveralFilesException(
                    "This is too long for one file. Ask for a piece of it, with ?start= and &end= in milliseconds.",
                    List.of());
        }
        if (pieces.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return Optional.of(new Movie(
                recording,
                now,
                HttpAnswer.Content.Joined.of(pieces),
                request.form().contentType(),
                "\"" + Long.toHexString(version(recording)) + "-" + Integer.toHexString(request.hashCode()) + "\"",
                frames ? 0 : Math.toIntExact(pieces.getFirst().size())));
    }

    /** Another number for a recording that has other bytes. */
    static long version(Recording recording) {
        long hash = recording.endedAt().isPresent() ? 17 : 19;
        for (RecordedSpan span : recording.spans()) {
            hash = 31 * hash + span.track().hashCode();
            hash = 31 * hash + span.ordinal();
            hash = 1_000_003 * hash + span.bytes();
            hash = 31 * hash + span.startMillis();
            hash = 31 * hash + span.segments().size();
        }
        return hash;
    }
}
