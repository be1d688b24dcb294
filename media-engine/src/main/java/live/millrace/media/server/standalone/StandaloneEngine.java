// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import live.millrace.media.access.PlaySession;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.callback.HttpCallbacks;
import live.millrace.media.callback.RecordedBroadcast;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamControl;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.control.api.ApiBackend;
import live.millrace.media.control.api.ApiEndpoint;
import live.millrace.media.control.api.PictureWish;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpTallies;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.recording.FileIndex;
import live.millrace.media.recording.Recorder;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.ManagementServer;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.RtpServers;
import live.millrace.media.source.Sources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine with all that the site would do for it: keys from the settings or callbacks, a management API, metrics. What
 * reloads is read from a volatile field; what does not is said.
 */
final class StandaloneEngine implements ApiBackend, EngineListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneEngine.class);
    private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

    /** What may change while the engine runs. */
    private record Rules(
            EngineFile file, PublishRules publish, TicketRules tickets, ApiToken token, boolean statisticsOpen) {}

    private final Supplier<EngineFile> settings;
    private final EngineFile startedWith;
    private final Instant startedAt = Instant.now();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpCallbacks callbacks;
    private final MediaEngine engine;
    private final ManagementServer management;
    private final Snapshots snapshots;
    private final FileSources sources = new FileSources();
    private final ExecutorService reloads = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("reloads").daemon().factory());
    private volatile Rules rules;
    private volatile boolean draining;
    private boolean closed;

    /**
     * Starts everything.
     *
     * @param settings reads the settings, now and at each reload
     * @throws IllegalArgumentException if a setting cannot be
     * @throws live.millrace.media.socket.PortInUseException if a port is taken
     */
    StandaloneEngine(Supplier<EngineFile> settings) {
        this.settings = settings;
        startedWith = settings.get();
        EngineConfig config = startedWith.engine();
        startedWith.drainTime();
        Optional<Path> decoder = startedWith.decoder();
        rules = rules(startedWith);
        callbacks = new HttpCallbacks(startedWith.callbackConfig(), InstantSource.system());
        MediaEngine started = null;
        try {
            started = MediaEngine.start(config, ports(config));
            engine = started;
            snapshots = new Snapshots(engine, decoder);
            HttpRouter router = new HttpRouter();
            new ApiEndpoint(this).register(router);
            engine.sourceGuard().loopback(Boolean.TRUE.equals(startedWith.sourcesLoopback()));
            sources.put(SourceSettings.all(startedWith.sources()), engine.sources());
            management = ManagementServer.start(startedWith.management(), router, engine.shortage());
            engine.sourceGuard().own(management.port());
        } catch (RuntimeException e) {
            if (started != null) {
                started.close();
            }
            callbacks.close(Duration.ZERO);
            throw e;
        }
        // Who publishes anew begins another broadcast: nobody goes on with what was left.
        engine.recorder().ifPresent(Recorder::finishLeft);
        engine.metrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        FunctionCounter.builder("millrace.callbacks.lost", callbacks, HttpCallbacks::lostEvents)
                .description("callback events that nobody took")
                .register(meters);
        LOG.info("Management on port {}", management.port());
    }

    private EnginePorts ports(EngineConfig config) {
        PlayRules playing = new PlayRules(() -> rules.tickets(), callbacks);
        EnginePorts ports = new EnginePorts(this::authorize, callbacks, playing, playing, this);
        return config.recording()
                .map(each -> each.directory().toAbsolutePath())
                .map(directory -> ports.with(new FileIndex(
                        directory.resolve("index"),
                        stream -> rules.tickets().guards(stream),
                        ended -> callbacks.recorded(told(ended, directory)))))
                .orElse(ports);
    }

    private static RecordedBroadcast told(Recording ended, Path directory) {
        int slash = ended.stream().lastIndexOf('/');
        return new RecordedBroadcast(
                ended.id(),
                ended.stream().substring(0, Math.max(0, slash)),
                ended.stream().substring(slash + 1),
                directory.toString(),
                directory.resolve(ended.folder()).toString(),
                ended.durationMillis(),
                ended.bytes());
    }

    private static Rules rules(EngineFile file) {
        return new Rules(
                file,
                file.publishRules(),
                file.ticketRules(),
                ApiToken.of(file.apiToken(), file.dataDirectory()),
                file.statisticsOpen());
    }

    MediaEngine engine() {
        return engine;
    }

    int managementPort() {
        return management.port();
    }

    private CompletionStage<PublishDecision> authorize(PublishAttempt attempt) {
        PublishRules now = rules.publish();
        CompletionStage<PublishDecision> decided =
                now.callbacks() ? callbacks.authorize(attempt) : CompletableFuture.completedStage(now.decide(attempt));
        return startedWith.recordingSettings().mode() == RecordingSettings.Mode.TRUE
                ? decided.thenApply(StandaloneEngine::kept)
                : decided;
    }

    private static PublishDecision kept(PublishDecision decision) {
        return decision instanceof PublishDecision.Granted granted
                ? granted.recordedAs(Optional.of(RecordingId.fresh()))
                : decision;
    }

    // ---- events -----------------------------------------------------------------------------------------------

    @Override
    public void stateChanged(StreamStatus status, StreamState from, StreamState to) {
        LOG.info("{} is {}", status.path(), to);
        if (from == to
                && sources.isAlwaysOn(status.path())
                && startedWith.recordingSettings().mode() == RecordingSettings.Mode.TRUE) {
            var _ = startRecording(status.path());
        }
    }

    @Override
    public void tracksChanged(StreamStatus status) {
        LOG.info(
                "{} has {} and {}",
                status.path(),
                status.video()
                        .map(video -> video.codec() + " " + video.width() + "x" + video.height())
                        .orElse("no picture"),
                status.audio()
                        .map(audio -> audio.codec() + " " + audio.sampleRate() + " Hz")
                        .orElse("no sound"));
    }

    // ---- the API ----------------------------------------------------------------------------------------------

    @Override
    public StreamControl streams() {
        return engine.control();
    }

    @Override
    public List<PlaySession> playSessions() {
        return engine.playSessions();
    }

    @Override
    public boolean stopPlaying(UUID sessionId) {
        return engine.stopPlaying(sessionId);
    }

    @Override
    public List<RecordingView> recordings() {
        return engine.recorder().map(Recorder::statuses).orElse(List.of()).stream()
                .map(StandaloneEngine::view)
                .toList();
    }

    private static RecordingView view(Recorder.Status status) {
        long millis = status.recording().map(Recording::durationMillis).orElse(0L);
        long bytes = status.recording().map(Recording::bytes).orElse(0L);
        return new RecordingView(
                status.id(),
                status.path().application(),
                status.path().name(),
                status.paused()
                        .map(cause -> cause == RecordingGap.Cause.DISK ? "paused-disk" : "paused")
                        .orElse("recording"),
                millis,
                bytes,
                millis == 0 ? 0 : bytes * 1_000 / millis,
                status.dropped());
    }

    @Override
    public Optional<String> startRecording(StreamPath path) {
        return engine.startRecording(path, RecordingId.fresh());
    }

    @Override
    public boolean stopRecording(StreamPath path) {
        return engine.stopRecording(path);
    }

    @Override
    public Sources sources() {
        return engine.sources();
    }

    @Override
    public RtpServers rtpServers() {
        return engine.endpoint(RtpServers.class);
    }

    @Override
    public CompletionStage<byte[]> picture(PictureWish wish) {
        return snapshots.of(wish);
    }

    @Override
    public Set<String> schemes() {
        return engine.ports().keySet();
    }

    @Override
    public ServerStatus server() {
        RtmpEndpoint rtmp = engine.endpoint(RtmpEndpoint.class);
        HttpEndpoint http = engine.endpoint(HttpEndpoint.class);
        return new ServerStatus(
                draining ? "draining" : "up",
                EngineCommand.version(),
                startedAt,
                rtmp.connections(),
                http.connections(),
                rtmp.tallies().connections().of(RtmpTallies.Connection.ACCEPTED),
                rtmp.tallies().received().sum(),
                http.tallies().sent().sum(),
                engine.loopStalls(),
                callbacks.lostEvents());
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }

    @Override
    public boolean isToken(String token) {
        return rules.token().is(token);
    }

    @Override
    public boolean statisticsOpen() {
        return rules.statisticsOpen();
    }

    @Override
    public CompletionStage<Reloaded> reload() {
        return CompletableFuture.supplyAsync(this::reloadNow, reloads);
    }

    /** Puts in force what can be while everybody stays connected. */
    synchronized Reloaded reloadNow() {
        EngineFile next = settings.get();
        EngineConfig config = next.engine();
        Rules before = rules;
        Rules after = rules(next);
        Map<StreamPath, SourceSettings.Wanted> wanted = SourceSettings.all(next.sources());
        callbacks.configure(next.callbackConfig());
        engine.renewCertificate();
        rules = after;
        List<String> changed = new ArrayList<>();
        if (!before.file().publishRules().equals(after.publish())
                || !Objects.equals(before.file().publish(), next.publish())) {
            changed.add("publish");
        }
        if (!Objects.equals(before.file().callbacks(), next.callbacks())) {
            changed.add("callbacks");
        }
        if (!Objects.equals(before.file().tickets(), next.tickets())) {
            changed.add("tickets");
            engine.recorder().ifPresent(each -> each.recordings().forgetAll());
            engine.reviewPlays(attempt -> before.tickets().guards(attempt.application(), attempt.name())
                    || after.tickets().guards(attempt.application(), attempt.name()));
        }
        if (!Objects.equals(before.file().apiToken(), next.apiToken())) {
            changed.add("api.token");
        }
        if (before.statisticsOpen() != after.statisticsOpen()) {
            changed.add("api.open-statistics");
        }
        if (sources.put(wanted, engine.sources())) {
            changed.add("sources");
        }
        List<String> needRestart = new ArrayList<>();
        EngineConfig running = startedWith.engine();
        if (!running.rtmp().equals(config.rtmp()) || !running.hub().equals(config.hub())) {
            needRestart.add("rtmp");
        }
        if (!running.http().equals(config.http())) {
            needRestart.add("http");
        }
        if (!running.hls().equals(config.hls())) {
            needRestart.add("hls");
        }
        if (!running.recording().equals(config.recording())
                || startedWith.recordingSettings().mode()
                        != next.recordingSettings().mode()) {
            needRestart.add("recording");
        }
        if (running.transport() != config.transport()) {
            needRestart.add("transport");
        }
        if (!startedWith.drainTime().equals(next.drainTime())) {
            needRestart.add("drain");
        }
        if (!Objects.equals(startedWith.sourcesLoopback(), next.sourcesLoopback())) {
            needRestart.add("sources-loopback");
        }
        if (!startedWith.decoder().equals(next.decoder())) {
            needRestart.add("ffmpeg");
        }
        if (!startedWith.management().equals(next.management())) {
            needRestart.add("api");
        }
        LOG.info("Settings were read again: changed {}, waiting for a restart {}", changed, needRestart);
        return new Reloaded(changed, needRestart);
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /**
     * Drains and stops: publishers are sent away, viewers fetch what is left, the last events are delivered.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        draining = true;
        LOG.info("Going down: publishers are sent away");
        snapshots.close();
        engine.drain(startedWith.drainTime());
        engine.close();
        callbacks.close(LAST_EVENTS);
        management.close();
        reloads.shutdownNow();
        LOG.info("Stopped");
    }
}
