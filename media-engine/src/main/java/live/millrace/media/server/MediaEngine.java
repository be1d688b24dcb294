// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlaySession;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.admission.PublishTallies;
import live.millrace.media.admission.SignedPlays;
import live.millrace.media.control.EventRelay;
import live.millrace.media.control.StreamControl;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.endpoint.hls.HlsEndpoint;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.endpoint.http.PlayGate;
import live.millrace.media.endpoint.http.SignedEndpoint;
import live.millrace.media.endpoint.ingest.IngestEndpoint;
import live.millrace.media.endpoint.progressive.ProgressiveEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpEndpoint;
import live.millrace.media.endpoint.rtsp.RtspEndpoint;
import live.millrace.media.endpoint.srt.SrtEndpoint;
import live.millrace.media.endpoint.video.VideoEndpoint;
import live.millrace.media.endpoint.webrtc.WebrtcEndpoint;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.metrics.EngineMetrics;
import live.millrace.media.recording.Recorder;
import live.millrace.media.segment.FirstNumbers;
import live.millrace.media.segment.KeyFrameSnapshot;
import live.millrace.media.segment.SegmentFiles;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.segment.SequenceNumbers;
import live.millrace.media.socket.Periodic;
import live.millrace.media.socket.Shortage;
import live.millrace.media.source.AddressGuard;
import live.millrace.media.source.RtpServers;
import live.millrace.media.source.SourceProtocol;
import live.millrace.media.source.SourceRegistry;
import live.millrace.media.source.Sources;
import live.millrace.media.source.rtsp.RtspSource;
import live.millrace.media.source.srt.SrtSource;
import live.millrace.media.tls.TlsContexts;
import live.millrace.media.tls.TlsPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media engine: RTMP in, every live protocol of viewers out. Started once, closed once, from any thread. */
public final class MediaEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaEngine.class);

    private static final long SWEEP_SECONDS = 5;

    /** A certificate that was renewed is in force after so long at most. */
    private static final long RENEW_SECONDS = 60;

    /** A source goes on for so long when nobody takes what it brings: a viewer who loads the page again finds it running. */
    private static final Duration LINGER = Duration.ofSeconds(8);

    private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoops loops;
    private final Shortage shortage = new Shortage(System::nanoTime);
    private final StreamRegistry registry;
    private final SourceRegistry sources;
    private final LocalStreams locator;
    private final Optional<TlsContexts> tls;
    private final PublishAdmission publishing;
    private final PlayAdmission playing;
    private final Feeds feeds;
    private final SegmentFiles segmentFiles;
    private final SequenceNumbers numbers;
    private final HlsEndpoint hls;
    private final Optional<Recorder> recorder;
    private final PlayGate gate;
    private final List<HttpRouter.Route> httpRoutes;
    private final EventRelay events;
    private final StreamControl control;
    private final Endpoints endpoints;
    private final LoopWatchdog watchdog;

    private MediaEngine(EngineConfig config, EnginePorts ports, List<Function<EndpointContext, Endpoint>> further) {
        Transport transport = config.transport().resolve();
        InstantSource clock = InstantSource.system();
        // Before anything has to be closed again: a certificate may be unfit for it.
        EncryptedPorts encrypted = new EncryptedPorts(config.tls());
        tls = encrypted.contexts();
        Optional<TlsPort> https = encrypted.of(HttpEndpoint.TLS_SCHEME, HttpServer.APPLICATION_PROTOCOLS);
        Optional<TlsPort> rtmps = encrypted.of(RtmpEndpoint.TLS_SCHEME, List.of());
        Optional<TlsPort> rtsps = encrypted.of(RtspEndpoint.TLS_SCHEME, List.of());
        // Each viewer of an address may have a socket, and each socket a viewer.
        playing = new PlayAdmission(
                new PlayAdmission.Limits(
                        config.http().maxConnectionsPerAddress(), config.http().limitPrivate()),
                ports.playAuthorizer(),
                ports.playObserver(),
                ports.signing().map(keys -> new SignedPlays(keys, clock)).orElseGet(SignedPlays::none),
                clock,
                System::nanoTime);
        feeds = new Feeds(config.fanout());

        events = new EventRelay(ports.listener(), this::viewers);
        StreamAddresses addresses = new StreamAddresses(config.naming());
        registry = new StreamRegistry(config.hub(), List.of(), clock);
        loops = new EventLoops(transport, shortage);
        sources = new SourceRegistry(
                registry,
                List.of(new RtspSource(), new SrtSource()),
                new SourceProtocol.Sockets(transport.socketChannel(), transport.datagramChannel()),
                loops.workers()::next,
                clock);
        locator = new LocalStreams(registry::find, List.of(sources), LINGER);
        segmentFiles = SegmentFiles.temporary(config.hls().directory());
        numbers = new SequenceNumbers(config.hls().directory().resolveSibling("hls-sequence"), clock, segmentFiles);
        SegmentedBroadcasts segmented = new SegmentedBroadcasts(config.hls().segmenter(), numbers);
        hls = new HlsEndpoint(
                config.hls(), clock, addresses, playing::ended, locator, segmented, feeds.converters(), segmentFiles);
        // Ways out before events: whoever hears that a stream is live can play it.
        recorder = recorder(config, ports, segmented, clock);
        recorder.ifPresent(registry::listen);
        List.of(hls, segmented, locator, events).forEach(registry::listen);
        publishing =
                new PublishAdmission(config.admission(), ports.publishAuthorizer(), ports.publishObserver(), registry);
        control = new StreamControl(registry, this::viewers);
        EndpointContext context =
                new EndpointContext(loops.listening(), config.naming(), publishing, playing, locator, feeds);
        gate = new PlayGate(playing, addresses, locator, recorder.map(each -> each.recordings()::findAnyway));
        HttpRouter router = new HttpRouter(gate);
        HttpEndpoint http = new HttpEndpoint(
                config.http(),
                loops.listening(),
                router,
                https,
                config.proxies().http());
        encrypted.share(http, router, transport, loops);
        List<Endpoint> all = new ArrayList<>(List.of(
                hls,
                new ProgressiveEndpoint(addresses, locator, feeds),
                new IngestEndpoint(addresses, publishing),
                new RtpServers(registry, loops.listening(), config.http().host(), clock),
                new SignedEndpoint(playing, addresses, recorder.map(each -> each.recordings()::findAnyway)),
                http,
                new RtmpEndpoint(config.rtmp(), context, rtmps, config.proxies().rtmp())));
        config.rtsp().ifPresent(rtsp -> all.add(new RtspEndpoint(rtsp, context, rtsps)));
        recorder.ifPresent(each ->
                all.add(new VideoEndpoint(each.recordings(), addresses, locator, new GateAudience(gate), clock)));
        config.srt().ifPresent(each -> all.add(new SrtEndpoint(each, context)));
        config.webrtc().ifPresent(each -> all.add(new WebrtcEndpoint(each, context, clock)));
        further.forEach(each -> all.add(each.apply(context)));
        endpoints = new Endpoints(all);
        endpoints.register(router);
        httpRoutes = router.routes();
        try {
            endpoints.start();
        } catch (RuntimeException e) {
            loops.close();
            events.close();
            endpoints.close();
            feeds.close();
            recorder.ifPresent(Recorder::close);
            segmentFiles.close();
            throw e;
        }
        endpoints.ports().values().forEach(sources.guard()::own);
        watchdog = new LoopWatchdog(loops.workers());
        Periodic.unfailing(loops.acceptor(), "sweep of viewers", playing::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
        // On a thread of its own: reading files is no work for a loop.
        tls.ifPresent(contexts -> Periodic.unfailing(
                loops.acceptor(),
                "look at the certificates",
                () -> Thread.ofPlatform().name("certificates").daemon().start(contexts::renew),
                RENEW_SECONDS,
                TimeUnit.SECONDS));
        LOG.info("Media engine: listens on {}, transport {}", endpoints.ports(), transport);
    }

    /** What was left is mended before anybody can go on with it; if the index is away, whoever does waits. */
    private static Optional<Recorder> recorder(
            EngineConfig config, EnginePorts ports, SegmentedBroadcasts segmented, InstantSource clock) {
        if (config.recording().isEmpty() || ports.recordings().isEmpty()) {
            return Optional.empty();
        }
        Recorder made =
                new Recorder(config.recording().get(), ports.recordings().get(), segmented, clock, ports.archive());
        made.mend();
        return Optional.of(made);
    }

    /** Who records; empty when nothing is. */
    public Optional<Recorder> recorder() {
        return recorder;
    }

    /**
     * Begins, or goes on, to record a stream.
     *
     * @param recording what it is kept as, if it was not kept before
     * @return what it is kept as; empty when it is not on, or nothing is recorded here
     */
    public Optional<String> startRecording(StreamPath path, String recording) {
        return recorder.flatMap(each -> registry.find(path).flatMap(live -> each.start(live, recording)));
    }

    /** Records no more of a stream; answers whether it did. */
    public boolean stopRecording(StreamPath path) {
        return recorder.filter(each -> each.stop(path)).isPresent();
    }

    /**
     * Reads a recording anew from its index, because it was changed or deleted, or because others may have it now. What of one that is not for
     * everybody any more is being sent to those without a right ends in the middle; who bears a ticket is {@linkplain #reviewPlays reviewed}.
     */
    public void forgetRecording(String id) {
        recorder.ifPresent(each -> {
            each.recordings().forget(id);
            gate.readAnew(id);
            reviewPlays(attempt -> attempt.recording().filter(id::equals).isPresent());
        });
    }

    /**
     * Starts an engine.
     *
     * @throws live.millrace.media.socket.PortInUseException if one of its ports is taken
     * @throws IllegalArgumentException if a setting cannot be had on this machine
     */
    public static MediaEngine start(EngineConfig config, EnginePorts ports) {
        return start(config, ports, List.of());
    }

    /**
     * Starts an engine that speaks further protocols beside its own.
     *
     * @param further each makes an endpoint out of what the engine has for it
     * @throws live.millrace.media.socket.PortInUseException if one of its ports is taken
     * @throws IllegalArgumentException if a setting cannot be had on this machine
     */
    public static MediaEngine start(
            EngineConfig config, EnginePorts ports, List<Function<EndpointContext, Endpoint>> further) {
        return new MediaEngine(config, ports, further);
    }

    /** The ports that are listened on, by the scheme of their addresses, like {@code https}. */
    public Map<String, Integer> ports() {
        return endpoints.ports();
    }

    /** The port of a scheme; 0 when there is none. */
    public int port(String scheme) {
        return ports().getOrDefault(scheme, 0);
    }

    /**
     * One of the engine's endpoints.
     *
     * @throws IllegalArgumentException if there is none of the type
     */
    public <T extends Endpoint> T endpoint(Class<T> type) {
        return endpoints.get(type);
    }

    /** Takes over a renewed certificate now. Blocks for files. */
    public void renewCertificate() {
        tls.ifPresent(TlsContexts::renew);
    }

    /** What to tell, in listeners beside the engine, when there are no descriptors left. */
    public Shortage shortage() {
        return shortage;
    }

    /** The streams that are fetched. */
    public Sources sources() {
        return sources;
    }

    /** Where they may be fetched from. */
    public AddressGuard sourceGuard() {
        return sources.guard();
    }

    public StreamControl control() {
        return control;
    }

    private int viewers(StreamPath path) {
        return playing.count(path);
    }

    /**
     * The newest key frame of a stream as a fragmented MP4 of one picture: for a still image. Empty while there is none.
     * Blocks for the stream's thread.
     */
    public Optional<byte[]> newestKeyFrame(StreamPath path) {
        return registry.find(path).flatMap(KeyFrameSnapshot::newest);
    }

    /** The same as soon as there is one, which a source is started for; empty when none comes in time. Completes on any thread. */
    public CompletionStage<Optional<byte[]>> keyFrame(StreamPath path, Duration patience) {
        return KeyFrameSnapshot.awaited(locator, path, patience);
    }

    /**
     * The segments of a stream's last seconds, copied, the oldest first: to keep what was seen. As many as can still be fetched;
     * empty while there is none. Blocks for files at most.
     */
    public List<byte[]> recentSegments(StreamPath path, Duration length) {
        return hls.recentSegments(path, length);
    }

    /**
     * Sequence numbers above all that segments of this engine have: what another process that goes on with a broadcast of this one begins
     * with at least.
     */
    public FirstNumbers freeNumbers() {
        return numbers.free();
    }

    /** Everything that the media port answers, and what it is about. */
    public List<HttpRouter.Route> httpRoutes() {
        return httpRoutes;
    }

    /** Everybody who watches. */
    public List<PlaySession> playSessions() {
        return playing.sessions();
    }

    /** Refuses a play session from now on; answers whether there was one. */
    public boolean stopPlaying(UUID sessionId) {
        return playing.revoke(sessionId);
    }

    /**
     * Refuses play sessions from now on, by their ticket, their channel, their recording or whatever else: sockets close, what is waited for is
     * answered with the refusal, and what is being sent ends in the middle. A ticket that is to be good for nothing any more has to be refused
     * by the {@link live.millrace.media.access.PlayAuthorizer} before: it is asked again one second later.
     *
     * @return how many they were
     */
    public int revokePlays(Predicate<PlayAttempt> which) {
        return playing.revoke(which);
    }

    /**
     * Has the {@link live.millrace.media.access.PlayAuthorizer} asked again about play sessions at once, because who may watch has changed, and
     * refuses those who may not any more. Sessions that began when everybody might watch are asked about as well.
     */
    public void reviewPlays(Predicate<PlayAttempt> which) {
        playing.review(which);
    }

    /** Binds all meters of this engine; once for a registry. */
    public MeterBinder metrics() {
        return new EngineMetrics(
                registry,
                this::viewers,
                feeds,
                publishing.tallies(),
                playing.refusals(),
                endpoints.all(),
                recorder,
                sources::meters,
                watchdog::stalls);
    }

    /** What became of those who wanted to publish. */
    public PublishTallies publishTallies() {
        return publishing.tallies();
    }

    /** How often an event loop was held up for more than 100 ms by its own work. */
    public long loopStalls() {
        return watchdog.stalls();
    }

    /**
     * Takes no new publishers, and lets go of those who are there: who can be asked to connect anew is asked, and sends on until it has
     * left, so that it loses nothing; the others are sent away. Streams wait for them and viewers stay.
     *
     * @param time how long to wait for those who were asked
     */
    public void releasePublishers(Duration time) {
        endpoints.drain(time.toMillis());
        registry.release();
    }

    /**
     * Lets go of publishers, while viewers can fetch what is left. Waits until nobody does.
     *
     * @param time how long at most; publishers have half of it
     */
    public void drain(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        releasePublishers(time.dividedBy(2));
        while (endpoints.fetching() > 0
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
    }

    /** Says goodbye to publishers, closes all sockets, delivers the last events, removes segments. */
    @Override
    public void close() {
        watchdog.close();
        endpoints.stopAccepting();
        recorder.ifPresent(Recorder::closing);
        locator.close();
        sources.close();
        registry.close();
        endpoints.disconnect();
        loops.close();
        playing.close();
        events.close();
        recorder.ifPresent(Recorder::close);
        endpoints.close();
        feeds.close();
        segmentFiles.close();
    }
}
