// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import live.millrace.media.audience.Audience;
import live.millrace.media.audience.Visit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.codec.Codec;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpQuery;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.time.Timescale;

/**
 * HLS and DASH for every live stream: cuts a broadcast into segments when somebody asks for it, and for as long as somebody does.
 * Nothing is kept for a name that was only asked for.
 */
public final class HlsEndpoint implements StreamListener, AutoCloseable {
    /** A stream that nobody asked about for so long is cut no more. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long SWEEP_MILLIS = 5_000;

    /** So long a first request waits for something to play: a segment may have to end for it. */
    private static final long READY_MILLIS = 12_000;

    private static final long COPY_SECONDS = 5;

    /** One request reads one segment, and there are no more requests than sockets: a few threads keep any disk busy. */
    private static final int READERS = 8;

    private static final long READER_IDLE_SECONDS = 5;

    private static final String PLAYLIST_CACHING = "no-cache";

    /** A segment's address names its broadcast and number: it never changes. */
    private static final String SEGMENT_CACHING = "public, max-age=3600, immutable";

    private static final String MP4 = "video/mp4";

    private final HlsConfig config;
    private final InstantSource clock;
    private final SegmentFiles files;
    private final Audience audience;
    private final Function<StreamPath, Optional<LiveStream>> find;
    private final ExecutorService readers = readers();
    private final AtomicInteger held = new AtomicInteger();
    private final ConcurrentHashMap<StreamPath, HlsStream> current = new ConcurrentHashMap<>();

    /** Broadcasts whose segments can be fetched: those on air, and those that ended a moment ago. */
    private final ConcurrentHashMap<UUID, HlsStream> broadcasts = new ConcurrentHashMap<>();

    private final SequenceNumbers numbers;

    /** Threads that wait for the disk, where the kernel does not send a file by itself. What waits for one costs a small object. */
    private static ExecutorService readers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                READERS,
                READERS,
                READER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("hls-readers-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Keeps nothing yet.
     *
     * @param find looks for a stream that is on
     */
    public HlsEndpoint(
            HlsConfig config, InstantSource clock, Audience audience, Function<StreamPath, Optional<LiveStream>> find) {
        this.config = config;
        this.clock = clock;
        this.audience = audience;
        this.find = find;
        this.files = new SegmentFiles(config.directory());
        this.numbers = new SequenceNumbers(
                config.directory().resolveSibling("hls-sequence"), clock, task -> files.later(task, 0));
        files.later(this::sweep, SWEEP_MILLIS);
    }

    /** Adds the addresses of HLS and DASH to a router, with those that other servers' users know. */
    public void register(HttpRouter router) {
        router.get("/live/{channel}.m3u8", query -> multivariant(query, "", false));
        router.get("/live/{channel}.fmp4.m3u8", query -> multivariant(query, "", true));
        router.get("/live/{channel}.ts.m3u8", this::transportPlaylist);
        router.get("/live/{channel}.mpd", this::manifest);
        router.get("/live/{channel}/hls.m3u8", query -> multivariant(query, "../", false));
        router.get("/live/{channel}/hls.fmp4.m3u8", query -> multivariant(query, "../", true));
        router.get("/live/{channel}/{track}.m3u8", this::trackPlaylist);
        router.get("/live/{channel}/{broadcast}/{number}.ts", query -> transportSegment(query, false));
        router.get("/live/{channel}/{broadcast}/audio/{number}.ts", query -> transportSegment(query, true));
        router.get("/live/{channel}/{broadcast}/{track}/{number}.m4s", this::segment);
        router.get("/live/{channel}/{broadcast}/{track}/{number}.{part}.m4s", this::part);
        router.get("/live/{channel}/{broadcast}/{track}/{init}.mp4", this::initialization);
        router.get("/hls/{channel}.m3u8", query -> multivariant(query, "../live/", false));
        router.get("/hls/{channel}/index.m3u8", query -> multivariant(query, "../../live/", false));
        router.get("/hls/{channel}/playlist.m3u8", query -> multivariant(query, "../../live/", false));
        router.get("/{channel}/index.m3u8", query -> multivariant(query, "../live/", false));
    }

    // ---- broadcasts come and go -------------------------------------------------------------------------------

    @Override
    public void created(LiveStream live) {
        if (config.always()) {
            HlsStream[] fresh = new HlsStream[1];
            fresh[0] = new HlsStream(live, config, files, numbers, held, () -> gone(fresh[0]));
            current.put(live.path(), fresh[0]);
            broadcasts.put(live.broadcastId(), fresh[0]);
            fresh[0].startNow();
        }
    }

    private void sweep() {
        files.later(this::sweep, SWEEP_MILLIS); // first: one stream that fails must not end it for all
        for (HlsStream stream : broadcasts.values()) {
            if (!config.always() && stream.stopIfIdle(IDLE_NANOS)) {
                gone(stream);
            }
        }
    }

    private void gone(HlsStream stream) {
        broadcasts.remove(stream.live().broadcastId(), stream);
        current.remove(stream.live().path(), stream);
        if (stream.isEnded() && find.apply(stream.live().path()).isEmpty()) {
            audience.ended(stream.live().path().name());
        }
    }

    /** The stream in segments: cut from now on, if it is on and nobody asked before. */
    private Optional<HlsStream> demand(StreamPath path) {
        HlsStream known = current.get(path);
        if (known != null && !known.isEnded() && known.asked()) {
            return Optional.of(known);
        }
        Optional<LiveStream> live =
                find.apply(path).filter(stream -> stream.targetSeconds() > 0 && stream.state() != StreamState.ENDED);
        if (live.isEmpty()) {
            return Optional.ofNullable(known);
        }
        HlsStream made = current.compute(path, (_, there) -> {
            if (there != null && !there.isEnded() && there.asked()) {
                return there;
            }
            HlsStream[] fresh = new HlsStream[1];
            fresh[0] = new HlsStream(live.get(), config, files, numbers, held, () -> gone(fresh[0]));
            return fresh[0];
        });
        if (broadcasts.put(live.get().broadcastId(), made) != made) {
            made.start();
        }
        return Optional.of(made);
    }

    private static Optional<StreamPath> path(HttpQuery query) {
        return StreamPath.of(query.name("channel").toLowerCase(Locale.ROOT));
    }

    /** A stream in segments that has something to play; empty when it is not live. */
    private CompletionStage<Optional<HlsStream>> playable(HttpQuery query) {
        Optional<HlsStream> stream = path(query).flatMap(this::demand).filter(HlsStream::hasTarget);
        if (stream.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return stream.get()
                .ready()
                .copy()
                .orTimeout(READY_MILLIS, TimeUnit.MILLISECONDS)
                .<Optional<HlsStream>>thenApply(Optional::of)
                .exceptionally(_ -> Optional.empty());
    }

    /**
     * The segments of a stream's last so many seconds as MPEG-TS, copied, the oldest first; empty when nobody watched in segments. Blocks
     * for the stream's thread.
     */
    public List<byte[]> recentSegments(StreamPath path, Duration length) {
        HlsStream stream = current.get(path);
        if (stream == null) {
            return List.of();
        }
        try {
            return stream.recent(length.toMillis() * (Timescale.MPEG / 1_000)).get(COPY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    /** Streams that are being cut. */
    public int streams() {
        return broadcasts.size();
    }

    // ---- playlists --------------------------------------------------------------------------------------------

    private static boolean soundAlone(HttpQuery query) {
        return query.parameter("audio").filter("only"::equals).isPresent();
    }

    private CompletionStage<HttpAnswer> multivariant(HttpQuery query, String base, boolean cmaf) {
        return playable(query)
                .thenApply(found -> found.map(stream -> {
                            Variants variants = new Variants(stream, base, Visit.handedOn(query));
                            MultivariantPlaylist playlist =
                                    cmaf ? variants.cmaf(soundAlone(query)) : variants.best(soundAlone(query));
                            return playlist.variants().isEmpty()
                                    ? nothing(stream, "HLS")
                                    : text(playlist.text(), MediaPlaylist.CONTENT_TYPE);
                        })
                        .orElseGet(HlsEndpoint::notLive));
    }

    private CompletionStage<HttpAnswer> trackPlaylist(HttpQuery query) {
        return playable(query)
                .thenCompose(found -> found.flatMap(stream -> stream.playlist(query.name("track")))
                        .map(playlist -> admitted(query, "hls", () -> versions(playlist.reload(), query)))
                        .orElseGet(() -> CompletableFuture.completedStage(found.isEmpty() ? notLive() : noTrack())));
    }

    private CompletionStage<HttpAnswer> transportPlaylist(HttpQuery query) {
        return playable(query).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedStage(notLive());
            }
            Optional<TransportPlaylist> playlist = found.get().transport(soundAlone(query));
            if (playlist.isEmpty()) {
                return CompletableFuture.completedStage(noPlace(found.get(), "MPEG-TS"));
            }
            return admitted(query, "hls", () -> versions(playlist.get().reload(), query));
        });
    }

    private CompletionStage<HttpAnswer> manifest(HttpQuery query) {
        return playable(query).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedStage(notLive());
            }
            HlsStream stream = found.get();
            return admitted(query, "dash", () -> {
                CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
                stream.live()
                        .onOwner(() -> answer.complete(Manifests.of(stream, soundAlone(query), clock.instant())
                                .map(manifest -> text(manifest.text(), DashManifest.CONTENT_TYPE))
                                .orElseGet(() -> nothing(stream, "DASH"))));
                return answer;
            });
        });
    }

    private CompletionStage<HttpAnswer> admitted(
            HttpQuery query, String protocol, java.util.function.Supplier<CompletionStage<HttpAnswer>> answer) {
        String channel = query.name("channel").toLowerCase(Locale.ROOT);
        return audience.polled(channel, Visit.of(query, protocol)).thenCompose(admission -> switch (admission) {
            case ALLOWED -> answer.get();
            case REFUSED ->
                CompletableFuture.completedStage(
                        HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "This stream is not for you."));
            case TOO_FAST -> CompletableFuture.completedStage(HttpAnswer.tooMany());
        });
    }

    /** The newest version, or the one that is asked for as soon as it is there (rfc8216bis §6.2.5.2). */
    private static CompletionStage<HttpAnswer> versions(BlockingReload reload, HttpQuery query) {
        Optional<String> segment = query.parameter("_HLS_msn");
        Optional<String> part = query.parameter("_HLS_part");
        boolean delta = query.parameter("_HLS_skip")
                .filter(skip -> skip.equals("YES") || skip.equals("v2"))
                .isPresent();
        boolean gzip = query.headers()
                .get(HttpHeaderNames.ACCEPT_ENCODING, "")
                .toLowerCase(Locale.ROOT)
                .contains("gzip");
        if (segment.isEmpty()) {
            if (part.isPresent()) {
                return CompletableFuture.completedStage(badRequest("_HLS_part wants _HLS_msn."));
            }
            PlaylistVersion now = reload.version();
            return now != null
                    ? CompletableFuture.completedStage(playlist(now, delta, gzip))
                    : reload.await(0, -1).handle((version, failure) -> waited(version, failure, delta, gzip));
        }
        Optional<Long> number = number(segment.get());
        Optional<Long> index = part.map(HlsEndpoint::number).orElse(Optional.of(-1L));
        if (number.isEmpty() || index.isEmpty() || index.get() > 1_000_000) {
            return CompletableFuture.completedStage(badRequest("_HLS_msn and _HLS_part are numbers."));
        }
        return reload.await(number.get(), index.get().intValue())
                .handle((version, failure) -> waited(version, failure, delta, gzip));
    }

    private static HttpAnswer waited(
            @org.jspecify.annotations.Nullable PlaylistVersion version,
            @org.jspecify.annotations.Nullable Throwable failure,
            boolean delta,
            boolean gzip) {
        if (version != null) {
            return playlist(version, delta, gzip);
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof BlockingReload.RefusedException refused && refused.tooFar()
                ? badRequest("That is too far ahead.")
                : HttpAnswer.refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "It did not come in time.")
                        .with("Retry-After", "1");
    }

    private static HttpAnswer playlist(PlaylistVersion version, boolean delta, boolean gzip) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                MediaPlaylist.CONTENT_TYPE,
                PLAYLIST_CACHING,
                new HttpAnswer.Content.Memory(version.bytes(delta, gzip)),
                gzip ? Optional.of("gzip") : Optional.empty(),
                Optional.of(version.entityTag(delta)),
                false,
                Map.of());
    }

    private static HttpAnswer text(String text, String contentType) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                PLAYLIST_CACHING,
                new HttpAnswer.Content.Memory(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    private static HttpAnswer badRequest(String line) {
        return HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, line);
    }

    /** A stream has no track for a playlist or manifest: none is wanted, or there is no place for any. */
    private static HttpAnswer nothing(HlsStream stream, String format) {
        boolean hasPlace = stream.tracks().stream()
                .anyMatch(track -> track.track().format().codec() != Codec.MP3);
        return hasPlace ? noTrack() : noPlace(stream, format);
    }

    private static HttpAnswer noPlace(HlsStream stream, String format) {
        String name = stream.live().path().name();
        String other = stream.tracks().isEmpty() ? ".flv." : ".m3u8.";
        return HttpAnswer.refusal(
                HttpResponseStatus.NOT_FOUND,
                format + " has no place for this stream's codecs. Play /live/" + name + other);
    }

    private static HttpAnswer noTrack() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This stream has no such track.");
    }

    private static HttpAnswer notLive() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live.");
    }

    // ---- segments ---------------------------------------------------------------------------------------------

    private Optional<HlsStream> broadcast(HttpQuery query) {
        try {
            Optional<HlsStream> found = Optional.ofNullable(broadcasts.get(UUID.fromString(query.name("broadcast"))))
                    .filter(stream -> stream.live().path().name().equals(query.name("channel")));
            found.ifPresent(HlsStream::asked);
            return found;
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return number < 0 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException tooLong) {
            return Optional.empty();
        }
    }

    private CompletionStage<HttpAnswer> segment(HttpQuery query) {
        Optional<TrackPlaylist> playlist = broadcast(query).flatMap(stream -> stream.playlist(query.name("track")));
        Optional<Long> number = number(query.name("number"));
        if (playlist.isEmpty() || number.isEmpty()) {
            return CompletableFuture.completedStage(HttpAnswer.notFound());
        }
        return playlist.get()
                .segment(number.get())
                .thenApply(found -> found.map(stored -> immutable(stored.content(readers), MP4))
                        .orElseGet(HttpAnswer::notFound));
    }

    private CompletionStage<HttpAnswer> part(HttpQuery query) {
        Optional<TrackPlaylist> playlist = broadcast(query).flatMap(stream -> stream.playlist(query.name("track")));
        Optional<Long> number = number(query.name("number"));
        Optional<Long> index = number(query.name("part")).filter(part -> part < Integer.MAX_VALUE);
        if (playlist.isEmpty() || number.isEmpty() || index.isEmpty()) {
            return CompletableFuture.completedStage(HttpAnswer.notFound());
        }
        return playlist.get()
                .content(number.get(), index.get().intValue(), readers)
                .thenApply(
                        found -> found.map(content -> immutable(content, MP4)).orElseGet(HttpAnswer::notFound))
                .exceptionally(_ -> HttpAnswer.notFound());
    }

    private CompletionStage<HttpAnswer> initialization(HttpQuery query) {
        return CompletableFuture.completedStage(broadcast(query)
                .flatMap(stream -> stream.initialization(query.name("track") + "/" + query.name("init")))
                .map(section -> immutable(section.duplicate(), MP4))
                .orElseGet(HttpAnswer::notFound));
    }

    private CompletionStage<HttpAnswer> transportSegment(HttpQuery query, boolean soundAlone) {
        return broadcast(query)
                .flatMap(stream -> stream.transport(soundAlone))
                .flatMap(playlist -> number(query.name("number"))
                        .flatMap(number -> playlist.window().find(number)))
                .map(stored -> immutable(stored.content(readers), "video/mp2t"))
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> CompletableFuture.completedStage(HttpAnswer.notFound()));
    }

    private static HttpAnswer immutable(ByteBuf content, String contentType) {
        return immutable(new HttpAnswer.Content.Memory(content), contentType);
    }

    private static HttpAnswer immutable(HttpAnswer.Content content, String contentType) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                SEGMENT_CACHING,
                content,
                Optional.empty(),
                Optional.of("\"" + content.size() + "\""),
                true,
                Map.of());
    }

    @Override
    public void close() {
        readers.shutdownNow();
        files.close();
        Releasing.all(broadcasts.values(), HlsStream::release);
    }
}
