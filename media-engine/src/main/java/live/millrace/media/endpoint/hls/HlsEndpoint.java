// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.segment.SegmentStore;
import live.millrace.media.segment.SegmentedBroadcast;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.sound.CommonSound;
import live.millrace.media.sound.Converters;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * HLS and DASH for every live stream: cuts a broadcast into segments when somebody asks for it, and for as long as somebody does.
 * Nothing is kept for a name that was only asked for.
 */
public final class HlsEndpoint implements Endpoint, StreamListener {
    /** A stream that nobody asked about for so long is cut no more. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** The same of a stream that is fetched, at the least. */
    private static final long FETCHED_IDLE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long SWEEP_MILLIS = 2_000;

    /** So long a first request waits for something to play: a segment may have to end for it. */
    private static final long READY_MILLIS = 12_000;

    /** The same where sound and then a key frame are waited for, which is within what players wait. */
    private static final long READY_WITH_SOUND_MILLIS = 20_000;

    private static final long COPY_SECONDS = 5;

    private static final String SOUND = "sound";
    private static final String AAC = "aac";

    private final HlsConfig config;
    private final InstantSource clock;
    private final SegmentedBroadcasts cut;
    private final Converters converters;
    private final HlsShared shared;
    private final StreamAddresses addresses;
    private final Consumer<StreamPath> ended;
    private final StreamLocator locator;
    private final ConcurrentHashMap<Presentation, HlsStream> current = new ConcurrentHashMap<>();

    /** Broadcasts whose segments can be fetched: those on air, and those that ended a moment ago. */
    private final ConcurrentHashMap<UUID, HlsStream> broadcasts = new ConcurrentHashMap<>();

    private final Beginnings begun = new Beginnings();
    private final SegmentRequests segments;

    /**
     * Keeps nothing yet.
     *
     * @param ended is told of a broadcast whose last segment nobody can fetch any more, unless there is another
     * @param cut where broadcasts are cut
     * @param converters make sound for players that do not know a stream's
     * @param store keeps segments while they can be asked for
     */
    public HlsEndpoint(
            HlsConfig config,
            InstantSource clock,
            StreamAddresses addresses,
            Consumer<StreamPath> ended,
            StreamLocator locator,
            SegmentedBroadcasts cut,
            Converters converters,
            SegmentStore store) {
        this.config = config;
        this.clock = clock;
        this.addresses = addresses;
        this.ended = ended;
        this.locator = locator;
        this.segments = new SegmentRequests(addresses, broadcast -> Optional.ofNullable(broadcasts.get(broadcast)));
        this.cut = cut;
        this.converters = converters;
        this.shared = new HlsShared(config, store, new HlsTimers());
        shared.timers().later(this::sweep, SWEEP_MILLIS);
    }

    @Override
    public String name() {
        return "hls";
    }

    /** Adds the addresses of HLS and DASH to a router, with those that other servers' users know. */
    @Override
    public void register(HttpRouter router) {
        Subject listing = new Subject.Stream(Subject.Use.LISTING, "hls");
        Subject playlist = new Subject.Stream(Subject.Use.PLAYLIST, "hls");
        Subject piece = new Subject.Stream(Subject.Use.ARTEFACT, "hls");
        for (String folder : addresses.folders()) {
            String stream = folder + "/{stream:any}";
            router.get(stream + ".m3u8", listing, query -> multivariant(query, "", false));
            router.get(stream + ".fmp4.m3u8", listing, query -> multivariant(query, "", true));
            router.get(stream + ".ts.m3u8", playlist, this::transportPlaylist);
            router.get(stream + ".mpd", new Subject.Stream(Subject.Use.PLAYLIST, "dash"), this::manifest);
            router.get(stream + "/hls.m3u8", listing, query -> multivariant(query, "../", false));
            router.get(stream + "/hls.fmp4.m3u8", listing, query -> multivariant(query, "../", true));
            router.get(stream + "/{track}.m3u8", playlist, this::trackPlaylist);
            router.get(stream + "/{broadcast}/{number}.ts", piece, query -> segments.transport(query, false));
            router.get(stream + "/{broadcast}/audio/{number}.ts", piece, query -> segments.transport(query, true));
            router.get(stream + "/{broadcast}/{track}/{number}.m4s", piece, segments::segment);
            router.get(stream + "/{broadcast}/{track}/{number}.{part}.m4s", piece, segments::part);
            router.get(stream + "/{broadcast}/{track}/{init}.mp4", piece, segments::initialization);
        }
        router.get("/hls/{stream:any}.m3u8", listing, query -> multivariant(query, "../live/", false));
        router.get("/hls/{stream:any}/index.m3u8", listing, query -> multivariant(query, "../../live/", false));
        router.get("/hls/{stream:any}/playlist.m3u8", listing, query -> multivariant(query, "../../live/", false));
        router.get("/{stream:any}/index.m3u8", listing, query -> multivariant(query, "../live/", false));
    }

    // ---- broadcasts come and go -------------------------------------------------------------------------------

    @Override
    public void created(LiveStream live) {
        if (alwaysCut(live)) {
            HlsStream fresh = stream(live, Presentation.asItComes(live.path()));
            current.put(fresh.presentation(), fresh);
            broadcasts.put(fresh.id(), fresh);
            fresh.startNow();
        }
    }

    /** What is fetched would never be let go of. */
    private boolean alwaysCut(LiveStream live) {
        return config.always() && !live.isFetched();
    }

    @Override
    public void stateChanged(LiveStream live, StreamState from, StreamState to) {
        begun.changed(live);
    }

    private HlsStream stream(LiveStream live, Presentation presentation) {
        SegmentedBroadcast segmented = presentation.commonSound()
                ? cut.apart(live, to -> new CommonSoundFeed(converters, live, to))
                : cut.of(live);
        return new HlsStream(presentation, segmented, shared, this::gone);
    }

    /**
     * What is fetched sends until then, for nobody: three reloads of its playlist that did not come are enough, since players reload once in a
     * target duration at least (RFC 8216 §6.3.4).
     */
    static long idleNanos(boolean fetched, int targetDuration) {
        return fetched
                ? Math.clamp(TimeUnit.SECONDS.toNanos(3L * targetDuration), FETCHED_IDLE_NANOS, IDLE_NANOS)
                : IDLE_NANOS;
    }

    private void sweep() {
        shared.timers().later(this::sweep, SWEEP_MILLIS); // first: one stream that fails must not end it for all
        for (HlsStream stream : broadcasts.values()) {
            boolean apart = stream.presentation().commonSound();
            // Who reads what there is to play, and plays nothing, keeps no child of FFmpeg from others.
            boolean soon = stream.live().isFetched() || (apart && stream.ready().isDone() && !stream.isPlayed());
            long idle = idleNanos(soon, stream.targetDuration());
            boolean always = alwaysCut(stream.live()) && !apart;
            if (!always && stream.stopIfIdle(idle)) {
                gone(stream);
            }
        }
    }

    private void gone(HlsStream stream) {
        broadcasts.remove(stream.id(), stream);
        current.remove(stream.presentation(), stream);
        StreamPath path = stream.live().path();
        boolean last = current.keySet().stream().noneMatch(other -> other.path().equals(path));
        if (stream.isEnded() && last && locator.find(path).isEmpty()) {
            ended.accept(path);
        }
    }

    /** The stream in segments: cut from now on, if it is on and nobody asked before. */
    private CompletionStage<Optional<HlsStream>> demand(StreamPath path, boolean commonSound) {
        HlsStream known = known(path, commonSound);
        return known != null && !known.isEnded() && known.asked()
                ? CompletableFuture.completedStage(Optional.of(known))
                : locator.locate(path, Demand.NOW)
                        .thenCompose(location -> location.here()
                                .filter(HlsEndpoint::beginsForHim)
                                .map(live -> begun.wait(live)
                                        .completeOnTimeout(live, READY_MILLIS, TimeUnit.MILLISECONDS)
                                        .thenApply(Optional::of))
                                .orElseGet(() -> CompletableFuture.completedFuture(location.here())))
                        .thenApply(live -> cut(path, live, commonSound));
    }

    /** Where a stream is cut already in the way that is wanted, be it the same as for all. */
    private @Nullable HlsStream known(StreamPath path, boolean commonSound) {
        HlsStream plain = current.get(Presentation.asItComes(path));
        HlsStream apart = commonSound ? current.get(Presentation.withCommonSound(path)) : plain;
        boolean sameForAll = apart == null && plain != null && !CommonSound.helps(converters, plain.live());
        return sameForAll ? plain : apart;
    }

    /** It was fetched because of this request: a player that heard no would not ask again. */
    private static boolean beginsForHim(LiveStream live) {
        return live.isFetched() && live.targetSeconds() == 0;
    }

    private Optional<HlsStream> cut(StreamPath path, Optional<LiveStream> found, boolean commonSound) {
        Optional<LiveStream> live =
                found.filter(stream -> stream.targetSeconds() > 0 && stream.state() != StreamState.ENDED);
        if (live.isEmpty()) {
            return Optional.ofNullable(current.get(new Presentation(path, commonSound)))
                    .or(() -> Optional.ofNullable(current.get(Presentation.asItComes(path))));
        }
        // What every player knows is cut for all alike.
        Presentation wanted = new Presentation(path, commonSound && CommonSound.helps(converters, live.get()));
        HlsStream made = current.compute(wanted, (_, there) -> {
            if (there != null && !there.isEnded() && there.asked()) {
                return there;
            }
            return stream(live.get(), wanted);
        });
        if (broadcasts.put(made.id(), made) != made) {
            made.start();
        }
        return Optional.of(made);
    }

    /** A stream in segments that has something to play, be it parts; empty when it is not live. */
    private CompletionStage<Optional<HlsStream>> playable(HttpRequest query) {
        return demand(query, commonSound(query)).thenCompose(found -> {
            found.filter(HlsStream::hasTarget).ifPresent(HlsStream::wanted);
            return await(found, HlsStream::ready);
        });
    }

    /** Likewise, with a whole segment. */
    private CompletionStage<Optional<HlsStream>> whole(HttpRequest query, boolean commonSound) {
        return demand(query, commonSound).thenCompose(found -> await(found, HlsStream::whole));
    }

    private CompletionStage<Optional<HlsStream>> demand(HttpRequest query, boolean commonSound) {
        return addresses
                .path(query)
                .map(path -> demand(path, commonSound))
                .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
    }

    private static CompletionStage<Optional<HlsStream>> await(
            Optional<HlsStream> stream, Function<HlsStream, CompletableFuture<HlsStream>> until) {
        if (stream.filter(HlsStream::hasTarget).isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        boolean withSound = stream.get().presentation().commonSound();
        return until.apply(stream.get())
                .copy()
                .orTimeout(withSound ? READY_WITH_SOUND_MILLIS : READY_MILLIS, TimeUnit.MILLISECONDS)
                .<Optional<HlsStream>>thenApply(Optional::of)
                .exceptionally(_ -> Optional.empty());
    }

    /**
     * The segments of a stream's last so many seconds as MPEG-TS, copied, the oldest first; empty when nobody watched in segments. Blocks
     * for the stream's thread.
     */
    public List<byte[]> recentSegments(StreamPath path, Duration length) {
        HlsStream plain = current.get(Presentation.asItComes(path));
        HlsStream stream = plain == null ? current.get(Presentation.withCommonSound(path)) : plain;
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

    /** Asked for by players that do not know all sound. */
    private static boolean commonSound(HttpRequest query) {
        return query.parameter(SOUND).filter(AAC::equals).isPresent();
    }

    /** What the addresses in a list inherit of its own. */
    private static String handedOn(HttpRequest query) {
        String viewer = HttpViewer.handedOn(query);
        if (!commonSound(query)) {
            return viewer;
        }
        return viewer + (viewer.isEmpty() ? "?" : "&") + SOUND + "=" + AAC;
    }

    private static boolean soundAlone(HttpRequest query) {
        return query.parameter("audio").filter("only"::equals).isPresent();
    }

    private CompletionStage<HttpAnswer> multivariant(HttpRequest query, String base, boolean cmaf) {
        return playable(query)
                .thenCompose(found -> found.map(stream -> stream.complete()
                                .copy()
                                .completeOnTimeout(null, READY_MILLIS, TimeUnit.MILLISECONDS)
                                .thenApply(_ -> variants(stream, query, base, cmaf)))
                        .orElseGet(() -> CompletableFuture.completedFuture(Answers.notLive())));
    }

    private static HttpAnswer variants(HlsStream stream, HttpRequest query, String base, boolean cmaf) {
        Variants variants = new Variants(stream, base, handedOn(query));
        MultivariantPlaylist playlist = cmaf ? variants.cmaf(soundAlone(query)) : variants.best(soundAlone(query));
        return playlist.variants().isEmpty()
                ? Answers.nothing(stream, "HLS")
                : Answers.text(playlist.text(), MediaPlaylist.CONTENT_TYPE);
    }

    private CompletionStage<HttpAnswer> trackPlaylist(HttpRequest query) {
        return playable(query)
                .thenCompose(found -> found.flatMap(
                                stream -> stream.played().renditions().named(query.name("track")))
                        .map(playlist -> ReloadRequests.answer(playlist.reload(), query))
                        .orElseGet(() -> CompletableFuture.completedStage(
                                found.isEmpty() ? Answers.notLive() : Answers.noTrack())));
    }

    private CompletionStage<HttpAnswer> transportPlaylist(HttpRequest query) {
        // Whoever plays transport streams rarely knows sound that came after them.
        return whole(query, true).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedStage(Answers.notLive());
            }
            Optional<TransportPlaylist> playlist =
                    found.get().played().transports().playlist(soundAlone(query));
            if (playlist.isEmpty()) {
                return CompletableFuture.completedStage(Answers.noTransport(found.get(), soundAlone(query)));
            }
            return ReloadRequests.answer(playlist.get().reload(), query);
        });
    }

    private CompletionStage<HttpAnswer> manifest(HttpRequest query) {
        return whole(query, commonSound(query)).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedStage(Answers.notLive());
            }
            HlsStream stream = found.get().played();
            CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
            stream.live()
                    .onOwner(() -> answer.complete(Manifests.of(stream, soundAlone(query), clock.instant())
                            .map(manifest -> Answers.text(manifest.text(), DashManifest.CONTENT_TYPE))
                            .orElseGet(() -> Answers.nothing(stream, "DASH"))));
            return answer;
        });
    }

    @Override
    public void close() {
        segments.close();
        shared.timers().close();
        Releasing.all(broadcasts.values(), HlsStream::release);
    }
}
