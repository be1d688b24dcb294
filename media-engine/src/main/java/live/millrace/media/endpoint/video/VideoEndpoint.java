// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.segment.StoredBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings over HTTP: those that go on behind the address of their stream, all of them behind their id. Playlists and files are made on
 * threads of their own; what is asked for again is there.
 */
public final class VideoEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(VideoEndpoint.class);

    private static final String MP4 = "video/mp4";
    private static final String M4A = "audio/mp4";

    /** A segment's address names its recording and number: it never changes. */
    private static final String FOREVER = "public, max-age=31536000, immutable";

    private static final String WHILE_RUNNING = "no-cache";
    private static final String WHEN_OVER = "public, max-age=60";

    /** Indexes of whole files are made by so many at a time; what is over waits. */
    private static final int MAKERS = 2;

    private static final int MOST_WAITING = 200;
    private static final long IDLE_SECONDS = 10;
    private static final long EXPORTS_BYTES = 128L << 20;
    private static final Duration EXPORTS_KEPT = Duration.ofMinutes(10);

    /** Longer than anything that is kept. */
    private static final long NO_END = Long.MAX_VALUE;

    private final StreamAddresses addresses;
    private final Recordings recordings;
    private final ThreadPoolExecutor makers;
    private final VideoPlaylists playlists;
    private final Cache<String, CompletableFuture<MovieExport.Made>> exports = Caffeine.newBuilder()
            .expireAfterAccess(EXPORTS_KEPT)
            .maximumWeight(EXPORTS_BYTES)
            .<String, CompletableFuture<MovieExport.Made>>weigher(
                    (_, made) -> made.isDone() && !made.isCompletedExceptionally()
                            ? (int) Math.min(Integer.MAX_VALUE, made.join().weight())
                            : 1_000)
            .build();

    /** Answers nothing before it is registered. */
    public VideoEndpoint(StreamAddresses addresses, Recordings recordings) {
        this.addresses = addresses;
        this.recordings = recordings;
        this.makers = new ThreadPoolExecutor(
                MAKERS,
                MAKERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("videos-", 0).daemon().factory());
        makers.allowCoreThreadTimeOut(true);
        this.playlists = new VideoPlaylists(makers);
    }

    @Override
    public String name() {
        return "video";
    }

    @Override
    public void register(HttpRouter router) {
        Subject listing = new Subject.Stream(Subject.Use.LISTING, "hls");
        for (String folder : addresses.folders()) {
            router.get(folder + "/{stream:any}.record.m3u8", listing, query -> running(query, "../videos/"));
        }
        router.get("/hls/{stream:any}/record.m3u8", listing, query -> running(query, "../../videos/"));
        Subject list = new Subject.Recording(Subject.Use.PLAYLIST);
        Subject piece = new Subject.Recording(Subject.Use.ARTEFACT);
        router.get("/videos/{id}/index.m3u8", list, this::index);
        router.get("/videos/{id}/{track}.m3u8", list, this::track);
        router.get("/videos/{id}/{track}/{format}.mp4", piece, this::initialization);
        router.get("/videos/{id}/{track}/{sequence}.m4s", piece, this::segment);
        router.get("/videos/{id}.mp4", piece, query -> export(query, soundAlone(query)));
        router.get("/videos/{id}.m4a", piece, query -> export(query, true));
    }

    private static boolean soundAlone(HttpRequest query) {
        return query.parameter("audio").filter("only"::equals).isPresent();
    }

    private static HttpAnswer nothing() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "There is no such video.");
    }

    private static HttpAnswer busy(Throwable cause) {
        LOG.debug("A video was not answered", cause);
        return HttpAnswer.refusal(
                        HttpResponseStatus.SERVICE_UNAVAILABLE, "Videos cannot be had at the moment. Try again.")
                .with("Retry-After", "2");
    }

    /** Not negative; empty when it is said and is none. */
    private static Optional<Long> number(HttpRequest query, String name, long otherwise) {
        Optional<String> said = query.parameter(name);
        if (said.isEmpty()) {
            return Optional.of(otherwise);
        }
        return said.filter(text -> text.matches("\\d{1,15}")).map(Long::parseLong);
    }

    // ---- playlists --------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> running(HttpRequest query, String base) {
        Optional<Recording> recording = addresses.path(query).flatMap(recordings::running);
        if (recording.isEmpty()) {
            return CompletableFuture.completedStage(
                    HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "Nothing of this channel is being recorded."));
        }
        return multivariant(recording.get(), base + recording.get().id() + "/", query);
    }

    private CompletionStage<HttpAnswer> index(HttpRequest query) {
        return find(query, recording -> multivariant(recording, "", query));
    }

    private CompletionStage<HttpAnswer> multivariant(Recording recording, String base, HttpRequest query) {
        String inherited = inherited(query, List.of("window", "start", "end"));
        boolean sound = soundAlone(query);
        return made(() -> text(
                VideoPlaylists.multivariant(recording, base, inherited, sound),
                recording.endedAt().isPresent() ? WHEN_OVER : WHILE_RUNNING));
    }

    /** The parameters that addresses inside a playlist inherit, with their question mark. */
    private static String inherited(HttpRequest query, List<String> own) {
        String viewer = HttpViewer.handedOn(query);
        List<String> all = new ArrayList<>();
        if (!viewer.isEmpty()) {
            all.add(viewer.substring(1));
        }
        for (String name : own) {
            number(query, name, -1).filter(value -> value >= 0).ifPresent(value -> all.add(name + "=" + value));
        }
        return all.isEmpty() ? "" : "?" + String.join("&", all);
    }

    private CompletionStage<HttpAnswer> track(HttpRequest query) {
        String track = query.name("track");
        Optional<Long> window = number(query, "window", -1);
        Optional<Long> from = number(query, "start", 0);
        Optional<Long> to = number(query, "end", NO_END);
        if (window.isEmpty() || from.isEmpty() || to.isEmpty()) {
            return CompletableFuture.completedStage(HttpAnswer.refusal(
                    HttpResponseStatus.BAD_REQUEST, "window is in seconds, start and end are in milliseconds."));
        }
        boolean delta = query.parameter("_HLS_skip").isPresent();
        boolean gzip = query.headers()
                .get(HttpHeaderNames.ACCEPT_ENCODING, "")
                .toLowerCase(Locale.ROOT)
                .contains("gzip");
        return find(query, recording -> {
            if (recording.spans(track).isEmpty()) {
                return CompletableFuture.completedStage(nothing());
            }
            return playlists
                    .track(
                            recording,
                            track,
                            window.filter(seconds -> seconds > 0).map(seconds -> seconds * 1_000),
                            from.get(),
                            to.get(),
                            inherited(query, List.of()))
                    .thenApply(version -> playlist(recording, version, delta, gzip))
                    .exceptionally(VideoEndpoint::busy);
        });
    }

    private static HttpAnswer playlist(
            Recording recording, VideoPlaylists.Version version, boolean delta, boolean gzip) {
        boolean packed = gzip && version.packs(delta);
        return new HttpAnswer(
                HttpResponseStatus.OK,
                MediaPlaylist.CONTENT_TYPE,
                recording.endedAt().isPresent() ? WHEN_OVER : WHILE_RUNNING,
                new HttpAnswer.Content.Memory(version.bytes(delta, packed)),
                packed ? Optional.of("gzip") : Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    private static HttpAnswer text(String text, String caching) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                MediaPlaylist.CONTENT_TYPE,
                caching,
                new HttpAnswer.Content.Memory(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    // ---- pieces -----------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> initialization(HttpRequest query) {
        String track = query.name("track");
        String format = query.name("format");
        return find(
                query,
                recording -> CompletableFuture.completedStage(recording.tracks().stream()
                        .filter(each -> each.name().equals(track)
                                && Integer.toString(each.format()).equals(format))
                        .findFirst()
                        .map(each -> forever(
                                new HttpAnswer.Content.Memory(
                                        each.initialization().retainedDuplicate()),
                                MP4,
                                "init-" + format))
                        .orElseGet(VideoEndpoint::nothing)));
    }

    private CompletionStage<HttpAnswer> segment(HttpRequest query) {
        String track = query.name("track");
        String number = query.name("sequence");
        if (!number.matches("\\d{1,15}")) {
            return CompletableFuture.completedStage(nothing());
        }
        long sequence = Long.parseLong(number);
        return find(query, recording -> CompletableFuture.completedStage(segment(recording, track, sequence)));
    }

    private HttpAnswer segment(Recording recording, String track, long sequence) {
        for (RecordedSpan span : recording.spans()) {
            boolean near = span.track().equals(track)
                    && span.segments().size() > 0
                    && span.segments().firstSequence() <= sequence
                    && span.segments().lastSequence() >= sequence;
            if (near) {
                for (RecordedSegment segment : span.segments().segments()) {
                    if (segment.sequence() == sequence) {
                        return forever(
                                content(recordings.open(recording, span, segment.offset(), segment.bytes())),
                                MP4,
                                Integer.toString(segment.bytes()));
                    }
                }
            }
        }
        return nothing();
    }

    private static HttpAnswer forever(HttpAnswer.Content content, String type, String tag) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                type,
                FOREVER,
                content,
                Optional.empty(),
                Optional.of("\"" + tag + "\""),
                true,
                Map.of());
    }

    private HttpAnswer.Content.File content(StoredBytes stretch) {
        return new HttpAnswer.Content.File(
                stretch.file().orElseThrow(),
                stretch.offset(),
                stretch.length(),
                (from, length) -> read(stretch, from, length));
    }

    private CompletionStage<ByteBuf> read(StoredBytes stretch, long from, int length) {
        StoredBytes piece = StoredBytes.ofFile(stretch.file().orElseThrow(), stretch.offset() + from, length);
        CompletableFuture<ByteBuf> bytes = new CompletableFuture<>();
        try {
            makers.execute(() -> {
                try {
                    bytes.complete(piece.read());
                } catch (IOException | RuntimeException e) {
                    bytes.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException busy) {
            bytes.completeExceptionally(busy);
        }
        return bytes;
    }

    // ---- whole files ------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> export(HttpRequest query, boolean soundAlone) {
        Optional<Long> from = number(query, "start", 0);
        Optional<Long> to = number(query, "end", NO_END);
        Optional<Long> part = number(query, "part", 0);
        if (from.isEmpty() || to.isEmpty() || part.isEmpty()) {
            return CompletableFuture.completedStage(HttpAnswer.refusal(
                    HttpResponseStatus.BAD_REQUEST, "start and end are in milliseconds, part is a number."));
        }
        return find(query, recording -> {
            List<String> tracks = tracks(recording, soundAlone);
            if (tracks.isEmpty()) {
                return CompletableFuture.completedStage(nothing());
            }
            Runs runs = Runs.of(recording, tracks);
            if (runs.size() > 1 && part.get() == 0) {
                return CompletableFuture.completedStage(HttpAnswer.refusal(
                        HttpResponseStatus.CONFLICT,
                        "The picture changed its format, which one file cannot hold. Add ?part=1 to ?part="
                                + runs.size() + " for one of its parts."));
            }
            if (part.get() > runs.size()) {
                return CompletableFuture.completedStage(nothing());
            }
            Runs.Run run = runs.get(part.get() == 0 ? 0 : (int) (part.get() - 1));
            return exported(
                    recording,
                    tracks,
                    Math.max(from.get(), run.from()),
                    Math.min(to.get(), run.to()),
                    soundAlone ? M4A : MP4,
                    query.parameter("download").isPresent());
        });
    }

    private static List<String> tracks(Recording recording, boolean soundAlone) {
        TreeSet<String> names = new TreeSet<>(Comparator.reverseOrder());
        recording.spans().stream()
                .filter(span -> span.segments().size() > 0)
                .map(RecordedSpan::track)
                .filter(name -> !soundAlone || name.startsWith("a"))
                .forEach(names::add);
        return List.copyOf(names);
    }

    private CompletionStage<HttpAnswer> exported(
            Recording recording, List<String> tracks, long from, long to, String type, boolean download) {
        String version = recording.spans().size() + "-" + recording.bytes();
        String key = String.join(" ", recording.id(), version, tracks.toString(), from + "-" + to);
        CompletableFuture<MovieExport.Made> fresh = new CompletableFuture<>();
        CompletableFuture<MovieExport.Made> known = exports.asMap().putIfAbsent(key, fresh);
        CompletableFuture<MovieExport.Made> made = known == null ? fresh : known;
        if (known == null) {
            try {
                makers.execute(() -> make(recording, tracks, from, to, key, fresh));
            } catch (RejectedExecutionException busy) {
                exports.asMap().remove(key, fresh);
                fresh.completeExceptionally(busy);
            }
        }
        String name = recording.id() + (type.equals(M4A) ? ".m4a" : ".mp4");
        return made.thenApply(file -> {
                    HttpAnswer answer = new HttpAnswer(
                            HttpResponseStatus.OK,
                            type,
                            WHEN_OVER,
                            file.content(),
                            Optional.empty(),
                            Optional.of("\"" + Integer.toHexString(key.hashCode()) + "-"
                                    + file.content().size() + "\""),
                            true,
                            Map.of());
                    return download
                            ? answer.with("Content-Disposition", "attachment; filename=\"" + name + "\"")
                            : answer;
                })
                .exceptionally(VideoEndpoint::busy);
    }

    private void make(
            Recording recording,
            List<String> tracks,
            long from,
            long to,
            String key,
            CompletableFuture<MovieExport.Made> fresh) {
        try {
            fresh.complete(new MovieExport(recording, recordings, this::content, tracks, from, to).make());
            exports.put(key, fresh); // it is weighed now
        } catch (IOException | RuntimeException e) {
            LOG.warn("No file can be made of the video {}", recording.id(), e);
            exports.asMap().remove(key, fresh);
            fresh.completeExceptionally(e);
        }
    }

    // ---- common -----------------------------------------------------------------------------------------------

    /** What a recording is answered with. */
    @FunctionalInterface
    private interface Answering {
        CompletionStage<HttpAnswer> of(Recording recording);
    }

    private CompletionStage<HttpAnswer> find(HttpRequest query, Answering then) {
        return recordings
                .find(query.name("id"))
                .thenCompose(found -> found.map(then::of).orElseGet(() -> CompletableFuture.completedStage(nothing())))
                .exceptionally(VideoEndpoint::busy);
    }

    /** Makes an answer off the event loop. */
    private CompletionStage<HttpAnswer> made(Supplier<HttpAnswer> answer) {
        try {
            return CompletableFuture.supplyAsync(answer, makers).exceptionally(VideoEndpoint::busy);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedStage(busy(e));
        }
    }

    @Override
    public void close() {
        makers.shutdownNow();
    }
}
