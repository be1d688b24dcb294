// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.recording.MovieImport;
import live.millrace.media.recording.Recorder;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.recording.SpanArchive;
import live.millrace.media.segment.FirstNumbers;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.Sources;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.FetchedStreams;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.engine.PlayAuthorization;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.TicketUse;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The media engine as a part of the site: started before the site takes requests, stopped after. Its events go out as
 * application events.
 */
@Component
class EmbeddedEngine implements Engine, SmartLifecycle, EngineListener {
    /** Encoders that were asked to reconnect leave at their next key frame. */
    private static final Duration RECONNECT_TIME = Duration.ofSeconds(3);

    private final EngineStarter starter;
    private final PublishAuthorization authorization;
    private final PlayAuthorization plays;
    private final Duration patience;
    private final DatabaseState database;
    private final LiveNews news;
    private final ObjectProvider<RecordingIndex> recordings;
    private final ObjectProvider<SpanArchive> archive;
    private final MeterRegistry meters;
    private final boolean loopbackSources;
    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    // Made anew by each start: what was stopped can be started again.
    private volatile SiteAuthorizer access;
    private volatile SitePlayAuthorizer viewing;
    private volatile boolean stopped;
    /** The process ends, and no broadcast does with it: the next one goes on with them. */
    private volatile boolean going;

    private final List<Sources.Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable MediaEngine engine;

    EmbeddedEngine(
            EngineStarter starter,
            EngineSettings settings,
            PublishAuthorization authorization,
            PlayAuthorization plays,
            DatabaseState database,
            LiveNews news,
            ObjectProvider<RecordingIndex> recordings,
            ObjectProvider<SpanArchive> archive,
            MeterRegistry meters) {
        this.starter = starter;
        this.authorization = authorization;
        this.plays = plays;
        this.patience = settings.rtmp().answerTimeout();
        this.loopbackSources = settings.sources().loopback();
        this.database = database;
        this.news = news;
        this.recordings = recordings;
        this.archive = archive;
        this.meters = meters;
        this.access = new SiteAuthorizer(authorization, patience, database);
        this.viewing = new SitePlayAuthorizer(plays);
    }

    // ---- life -------------------------------------------------------------------------------------------------

    @Override
    public void start() {
        if (stopped) {
            stopped = false;
            going = false;
            access = new SiteAuthorizer(authorization, patience, database);
            viewing = new SitePlayAuthorizer(plays);
        }
        MediaEngine started = starter.start(ports(), this::renew);
        listeners.forEach(started.sources()::listen);
        started.sourceGuard().loopback(loopbackSources);
        ownPorts.forEach(started.sourceGuard()::own);
        started.metrics().bindTo(meters);
        engine = started;
        news.started(starter.grace());
    }

    /** What the engine fetches; empty while it does not run. */
    Optional<Sources> sources() {
        MediaEngine running = engine;
        return running == null ? Optional.empty() : Optional.of(running.sources());
    }

    /** See {@link FetchedStreams#neighbour}. */
    boolean neighbour(InetSocketAddress address) {
        MediaEngine running = engine;
        return running != null && running.sourceGuard().neighbour(address);
    }

    /** Hears how sources do, of each engine that is started from now on. */
    void hear(Sources.Listener listener) {
        listeners.add(listener);
    }

    /** The site's own ports are no sources of anything. The web server starts after the engine. */
    @EventListener
    void on(WebServerInitializedEvent event) {
        int port = event.getWebServer().getPort();
        ownPorts.add(port);
        starter.pagesAt(event.getApplicationContext().getEnvironment(), port);
        MediaEngine running = engine;
        if (running != null) {
            running.sourceGuard().own(port);
        }
    }

    private EnginePorts ports() {
        EnginePorts ports = new EnginePorts(access, access, viewing, viewing, this);
        RecordingIndex index = recordings.getIfAvailable();
        SpanArchive behind = archive.getIfAvailable();
        EnginePorts archived = behind == null ? ports : ports.with(behind);
        return index == null ? archived : archived.with(index);
    }

    private void renew() {
        MediaEngine running = engine;
        if (running != null) {
            running.renewCertificate();
        }
    }

    @Override
    public void stop() {
        MediaEngine running = engine;
        engine = null;
        if (running != null) {
            running.releasePublishers(RECONNECT_TIME);
            going = true;
            running.close();
        }
        stopped = true;
        access.close();
        viewing.close();
    }

    @Override
    public boolean isRunning() {
        return engine != null;
    }

    /** Before the web server, which takes the highest phases. */
    @Override
    public int getPhase() {
        return 0;
    }

    // ---- events -----------------------------------------------------------------------------------------------

    @Override
    public void stateChanged(StreamStatus status, StreamState from, StreamState to) {
        if (to == StreamState.ENDED && going) {
            return;
        }
        news.tell(new LiveChanged(LiveViews.of(status, to), from == to));
    }

    @Override
    public void tracksChanged(StreamStatus status) {
        news.tell(new LiveChanged(LiveViews.of(status), false));
    }

    @EventListener
    void on(DatabaseBack back) {
        access.askAgain();
        news.catchUp(this::live);
    }

    /** One connection can be lost while the database stays: nobody says then that it is back. */
    @Scheduled(fixedDelay = 2_000)
    void catchUp() {
        if (database.away()) {
            return;
        }
        access.askAgain();
        if (news.missed()) {
            news.catchUp(this::live);
        }
    }

    // ---- looking and ending -----------------------------------------------------------------------------------

    @Override
    public Optional<LiveView> live(String channel) {
        MediaEngine running = engine;
        return running == null
                ? Optional.empty()
                : running.control().stream(channel).map(LiveViews::of);
    }

    @Override
    public List<LiveView> live() {
        MediaEngine running = engine;
        return running == null
                ? List.of()
                : running.control().streams().stream().map(LiveViews::of).toList();
    }

    @Override
    public Optional<byte[]> newestKeyFrame(String channel) {
        MediaEngine running = engine;
        return running == null ? Optional.empty() : running.newestKeyFrame(StreamPath.live(channel));
    }

    @Override
    public List<byte[]> recentSegments(String channel, Duration length) {
        MediaEngine running = engine;
        return running == null ? List.of() : running.recentSegments(StreamPath.live(channel), length);
    }

    @Override
    public boolean startRecording(String channel, String recording) {
        MediaEngine running = engine;
        return running != null
                && running.startRecording(StreamPath.live(channel), recording).isPresent();
    }

    @Override
    public boolean stopRecording(String channel) {
        MediaEngine running = engine;
        return running != null && running.stopRecording(StreamPath.live(channel));
    }

    @Override
    public Optional<Recording> runningRecording(String channel) {
        MediaEngine running = engine;
        return running == null
                ? Optional.empty()
                : running.recorder().flatMap(each -> each.recordings().running(StreamPath.live(channel)));
    }

    @Override
    public void forgetRecording(String recording) {
        MediaEngine running = engine;
        if (running != null) {
            running.forgetRecording(recording);
        }
    }

    @Override
    public boolean finishRecording(UUID broadcast) {
        MediaEngine running = engine;
        return running != null
                && running.recorder().filter(each -> each.finish(broadcast)).isPresent();
    }

    private Optional<MovieImport> movies() {
        MediaEngine running = engine;
        return running == null ? Optional.empty() : running.recorder().map(Recorder::movies);
    }

    @Override
    public boolean imports() {
        return movies().isPresent();
    }

    @Override
    public Recording importMovie(Path file, MovieImport.Target target, MovieImport.Progress progress)
            throws IOException {
        return movies().orElseThrow(() -> new IOException("the engine does not run"))
                .write(file, target, progress);
    }

    @Override
    public void removeImport(String folder) {
        movies().ifPresent(each -> each.remove(folder));
    }

    // ---- who watches ------------------------------------------------------------------------------------------

    @Override
    public List<TicketUse> tickets() {
        MediaEngine running = engine;
        return running == null
                ? List.of()
                : running.playSessions().stream()
                        .flatMap(session -> session.attempt().ticket().stream()
                                .map(ticket -> new TicketUse(
                                        ticket.hash(),
                                        session.attempt()
                                                .remoteAddress()
                                                .getAddress()
                                                .getHostAddress(),
                                        session.attempt().protocol(),
                                        session.since())))
                        .toList();
    }

    @Override
    public void reviewChannel(String channel) {
        MediaEngine running = engine;
        if (running != null) {
            running.reviewPlays(attempt -> attempt.name().equalsIgnoreCase(channel));
        }
    }

    @Override
    public void reviewTickets(Predicate<String> which) {
        MediaEngine running = engine;
        if (running != null) {
            running.reviewPlays(attempt ->
                    attempt.ticket().filter(ticket -> which.test(ticket.hash())).isPresent());
        }
    }

    @Override
    public boolean end(String channel) {
        MediaEngine running = engine;
        return running != null && running.control().end(channel);
    }

    @Override
    public void endKey(long keyId) {
        MediaEngine running = engine;
        if (running != null) {
            running.control().endCredential(Long.toString(keyId));
        }
    }

    @Override
    public FreeNumbers freeNumbers() {
        MediaEngine running = engine;
        if (running == null) {
            return new FreeNumbers(0, 0);
        }
        FirstNumbers free = running.freeNumbers();
        return new FreeNumbers(free.media(), free.discontinuity());
    }

    @Override
    public int rtmpPort() {
        MediaEngine running = engine;
        return running == null ? 0 : running.port("rtmp");
    }

    @Override
    public int httpPort() {
        MediaEngine running = engine;
        return running == null ? 0 : running.port("http");
    }
}
