// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlaySession;
import live.millrace.media.frame.Repair;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpQuery;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.segment.MediaSegment;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.time.Timescale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HLS for every live stream: subscribes a segmenter to each broadcast and answers for its playlists and segments. Nothing is kept for
 * a name that was only asked for.
 */
public final class HlsEndpoint implements StreamListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HlsEndpoint.class);
    /** The page's id of its browser; the multivariant playlist hands it on. */
    static final String VIEWER = "v";

    /** Set by the studio, whose player is no viewer. */
    static final String PREVIEW = "preview";

    private static final long SWEEP_MILLIS = 5_000;
    /** Above the limit of 30 s that whoever answers may set for itself. */
    private static final Duration AUTHORIZE_TIMEOUT = Duration.ofSeconds(35);

    private static final String PLAYLIST_CACHING = "no-cache";

    /** A segment's address names its broadcast and number: it never changes. */
    private static final String SEGMENT_CACHING = "public, max-age=3600, immutable";

    private final HlsConfig config;
    private final InstantSource clock;
    private final SegmentFiles files;
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentHashMap<StreamPath, HlsStream> current = new ConcurrentHashMap<>();

    /** Broadcasts whose segments can be fetched: those on air, and those that ended a moment ago. */
    private final ConcurrentHashMap<UUID, HlsStream> broadcasts = new ConcurrentHashMap<>();

    private final SequenceNumbers numbers;
    private final Viewers.Gate gate;

    /**
     * Starts to keep segments.
     *
     * @param authorizer asked about each play session
     * @param observer told of the end of each
     */
    public HlsEndpoint(HlsConfig config, InstantSource clock, PlayAuthorizer authorizer, PlayObserver observer) {
        this.config = config;
        this.clock = clock;
        this.gate = new Viewers.Gate(authorizer, observer, AUTHORIZE_TIMEOUT, clock);
        this.files = new SegmentFiles(config.directory());
        this.numbers = new SequenceNumbers(
                config.directory().resolveSibling("hls-sequence"), clock, task -> files.later(task, 0));
        sweep();
    }

    /** Adds the addresses of HLS to a router. */
    public void register(HttpRouter router) {
        router.get("/live/{channel}.m3u8", query -> multivariant(query, ""));
        router.get("/live/{channel}.ts.m3u8", this::media);
        router.get("/live/{channel}/{broadcast}/{number}.ts", this::segment);
        router.get("/hls/{channel}.m3u8", query -> multivariant(query, "../live/"));
        router.get("/hls/{channel}/index.m3u8", query -> multivariant(query, "../../live/"));
        router.get("/hls/{channel}/playlist.m3u8", query -> multivariant(query, "../../live/"));
        router.get("/{channel}/index.m3u8", query -> multivariant(query, "../live/"));
    }

    /** How many watch a channel now. */
    public int viewers(StreamPath path) {
        HlsStream stream = current.get(path);
        return stream == null ? 0 : stream.viewers().count();
    }

    /** Everybody who watches, of all channels. */
    public List<PlaySession> sessions() {
        return broadcasts.values().stream()
                .flatMap(stream -> stream.viewers().sessions().stream())
                .toList();
    }

    /** Refuses a play session from now on; answers whether there was one. */
    public boolean stop(UUID sessionId) {
        return broadcasts.values().stream().anyMatch(stream -> stream.viewers().stop(sessionId));
    }

    private void sweep() {
        broadcasts.values().forEach(stream -> stream.viewers().sweep());
        files.later(this::sweep, SWEEP_MILLIS);
    }

    // ---- broadcasts come and go -------------------------------------------------------------------------------

    @Override
    public void created(LiveStream stream) {
        HlsStream hls = new HlsStream(
                stream, config, files, new Viewers(stream.path().name(), gate, System::nanoTime), () -> gone(stream));
        SegmentListener numbered = new SegmentListener() {
            @Override
            public void segment(
                    MediaSegment segment, int targetDuration, List<live.millrace.media.frame.Track> tracks) {
                numbers.issued(segment.mediaSequence(), segment.discontinuitySequence());
                if (!segment.independent()) {
                    stream.repaired(Repair.FORCED_CUT);
                }
                hls.segment(segment, targetDuration, tracks);
            }

            @Override
            public void ended() {
                hls.ended();
            }
        };
        current.put(stream.path(), hls);
        broadcasts.put(stream.broadcastId(), hls);
        stream.subscribe(new Segmenter(
                config.segmenter(),
                numbers.firstMedia(),
                numbers.firstDiscontinuity(),
                numbered,
                clock,
                PooledByteBufAllocator.DEFAULT));
    }

    private void gone(LiveStream stream) {
        HlsStream gone = broadcasts.remove(stream.broadcastId());
        if (gone != null) {
            gone.viewers().close();
            current.remove(stream.path(), gone);
        }
    }

    /** The newest segment of a stream, copied; empty while there is none. Blocks for a file at most. */
    public Optional<byte[]> newestSegment(StreamPath path) {
        return Optional.ofNullable(current.get(path)).flatMap(HlsStream::newest).map(this::copy);
    }

    private byte[] copy(StoredSegment segment) {
        ByteBuf content = segment.content(readers).toCompletableFuture().join();
        try {
            return ByteBufUtil.getBytes(content);
        } finally {
            content.release();
        }
    }

    /** The segments of a stream's last so many seconds, copied, the oldest first. Blocks for files at most; one that just went is left out. */
    public List<byte[]> recentSegments(StreamPath path, Duration length) {
        HlsStream stream = current.get(path);
        List<byte[]> copies = new ArrayList<>();
        if (stream != null) {
            for (StoredSegment segment : stream.recent(length.toMillis() * (Timescale.MPEG / 1_000))) {
                try {
                    copies.add(copy(segment));
                } catch (CompletionException gone) {
                    LOG.debug("A segment went while it was copied", gone);
                }
            }
        }
        return copies;
    }

    // ---- requests ---------------------------------------------------------------------------------------------

    private Optional<HlsStream> find(HttpQuery query) {
        return StreamPath.of(query.name("channel").toLowerCase(Locale.ROOT)).map(current::get);
    }

    private CompletionStage<HttpAnswer> multivariant(HttpQuery query, String base) {
        return done(find(query).flatMap(HlsStream::version).map(version -> {
            MultivariantPlaylist.Variant variant = version.variant();
            String text = new MultivariantPlaylist(List.of(new MultivariantPlaylist.Variant(
                            base + variant.uri() + handedOn(query),
                            variant.bandwidth(),
                            variant.averageBandwidth(),
                            variant.codecs(),
                            variant.resolution(),
                            variant.frameRate())))
                    .text();
            return playlist(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), Optional.empty(), Optional.empty());
        }));
    }

    /** The parameters that a child playlist's address inherits. */
    private static String handedOn(HttpQuery query) {
        if (query.parameter(PREVIEW).isPresent()) {
            return "?" + PREVIEW + "=1";
        }
        return query.parameter(VIEWER)
                .filter(id -> id.matches("[A-Za-z0-9_-]{8,64}"))
                .map(id -> "?" + VIEWER + "=" + id)
                .orElse("");
    }

    private CompletionStage<HttpAnswer> media(HttpQuery query) {
        Optional<HlsStream> found =
                find(query).filter(stream -> stream.version().isPresent());
        if (found.isEmpty()) {
            return done(Optional.empty());
        }
        HlsStream stream = found.get();
        return stream.viewers().seen(query).thenApply(admission -> switch (admission) {
            case ALLOWED -> mediaPlaylist(stream, query);
            case REFUSED -> HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "This stream is not for you.");
            case TOO_FAST -> HttpAnswer.tooMany();
        });
    }

    private static HttpAnswer mediaPlaylist(HlsStream stream, HttpQuery query) {
        HlsStream.Version version = stream.version().orElseThrow();
        boolean gzip = query.headers()
                .get(HttpHeaderNames.ACCEPT_ENCODING, "")
                .toLowerCase(Locale.ROOT)
                .contains("gzip");
        return playlist(
                (gzip ? version.gzip() : version.text()).duplicate(),
                gzip ? Optional.of("gzip") : Optional.empty(),
                Optional.of(version.entityTag()));
    }

    private CompletionStage<HttpAnswer> segment(HttpQuery query) {
        Optional<StoredSegment> segment =
                broadcast(query).flatMap(stream -> number(query).flatMap(stream::segment));
        if (segment.isEmpty()) {
            return done(Optional.empty());
        }
        String tag = "\"" + segment.get().segment().mediaSequence() + "\"";
        return segment.get()
                .content(readers)
                .thenApply(content -> new HttpAnswer(
                        HttpResponseStatus.OK,
                        "video/mp2t",
                        SEGMENT_CACHING,
                        content,
                        Optional.empty(),
                        Optional.of(tag),
                        true,
                        Map.of()))
                // Deleted between the question and the answer.
                .exceptionally(_ -> HttpAnswer.notFound());
    }

    private Optional<HlsStream> broadcast(HttpQuery query) {
        try {
            return Optional.ofNullable(broadcasts.get(UUID.fromString(query.name("broadcast"))))
                    .filter(stream -> stream.stream().path().name().equals(query.name("channel")));
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(HttpQuery query) {
        try {
            return Optional.of(Long.parseLong(query.name("number")));
        } catch (NumberFormatException tooLong) {
            return Optional.empty();
        }
    }

    private static HttpAnswer playlist(ByteBuf content, Optional<String> encoding, Optional<String> entityTag) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                MediaPlaylist.CONTENT_TYPE,
                PLAYLIST_CACHING,
                content,
                encoding,
                entityTag,
                false,
                Map.of());
    }

    private static CompletionStage<HttpAnswer> done(Optional<HttpAnswer> answer) {
        return CompletableFuture.completedStage(
                answer.orElseGet(() -> HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live.")));
    }

    @Override
    public void close() {
        broadcasts.values().forEach(stream -> stream.viewers().close());
        readers.shutdownNow();
        files.close();
        broadcasts.values().forEach(HlsStream::release);
    }
}
