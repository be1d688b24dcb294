// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.StreamKey;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.endpoint.rtmp.RtmpConfig;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamState;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.TlsConfig;
import live.millrace.media.socket.PortInUseException;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.engine.PublishGate;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.StartupException;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The media engine as a part of the site: started before the site takes requests, stopped after. Its questions go to the gate on
 * threads of their own, its reports on one thread in order, its events out as application events.
 */
@Component
class EmbeddedEngine implements Engine, SmartLifecycle, PublishObserver, EngineListener {
    /** Encoders that were asked to reconnect leave at their next key frame. */
    private static final Duration RECONNECT_TIME = Duration.ofSeconds(3);

    private final EngineSettings settings;
    private final SiteSettings site;
    private final DataDirectory data;
    private final PublishGate gate;
    private final DatabaseState database;
    private final LiveNews news;
    private final MeterRegistry meters;
    private final ObjectProvider<SslBundles> bundles;
    // Made anew by each start: what was stopped can be started again.
    private volatile OpenQuestions questions;
    private volatile GateReports reports;
    private volatile boolean stopped;
    private volatile @Nullable MediaEngine engine;

    EmbeddedEngine(
            EngineSettings settings,
            SiteSettings site,
            DataDirectory data,
            PublishGate gate,
            DatabaseState database,
            LiveNews news,
            MeterRegistry meters,
            ObjectProvider<SslBundles> bundles) {
        this.settings = settings;
        this.site = site;
        this.data = data;
        this.gate = gate;
        this.database = database;
        this.news = news;
        this.questions = questions();
        this.reports = new GateReports(database);
        this.meters = meters;
        this.bundles = bundles;
    }

    // ---- life -------------------------------------------------------------------------------------------------

    private OpenQuestions questions() {
        return new OpenQuestions(gate, settings.rtmp().answerTimeout(), OpenQuestions.MOST);
    }

    @Override
    public void start() {
        if (stopped) {
            stopped = false;
            questions = questions();
            reports = new GateReports(database);
        }
        try {
            MediaEngine started = MediaEngine.start(config(), EnginePorts.openToViewers(this::authorize, this, this));
            started.metrics().bindTo(meters);
            engine = started;
        } catch (PortInUseException e) {
            throw new StartupException(
                    "Port " + e.port() + " for " + (e.listener().startsWith("rtmp") ? "RTMP" : "media over HTTP")
                            + " cannot be had: it is taken, or not allowed.",
                    "Stop what uses it, or set millrace." + setting(e.listener()) + " to another.",
                    e);
        } catch (NoSuchSslBundleException e) {
            throw new StartupException(
                    "There is no SSL bundle \"" + settings.tls().bundle() + "\", which millrace.tls.bundle names.",
                    "Describe it under spring.ssl.bundle.pem; docs/deployment.md shows how.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    "A setting under millrace.* cannot be: " + e.getMessage() + ".",
                    "Correct it; README lists them.",
                    e);
        }
    }

    /** Where the port of a scheme is set. */
    private static String setting(String scheme) {
        return switch (scheme) {
            case "rtmps" -> "tls.rtmp-port";
            case "https" -> "tls.http-port";
            default -> scheme + ".port";
        };
    }

    private EngineConfig config() {
        String bundle = settings.tls().bundle();
        return bundle == null
                ? plain()
                : plain().with(new TlsConfig(
                        new BundleCertificate(bundles.getObject(), bundle, this::renew),
                        Map.of(
                                "rtmps",
                                settings.tls().rtmpPort(),
                                "https",
                                settings.tls().httpPort())));
    }

    private void renew() {
        MediaEngine running = engine;
        if (running != null) {
            running.renewCertificate();
        }
    }

    private EngineConfig plain() {
        RtmpConfig rtmp = RtmpConfig.defaults();
        HttpConfig http = HttpConfig.defaults();
        HubConfig hub = HubConfig.defaults();
        return new EngineConfig(
                new RtmpConfig(
                        settings.rtmp().host(),
                        settings.rtmp().port(),
                        new RtmpConfig.Timeouts(
                                rtmp.timeouts().connect(),
                                rtmp.timeouts().publish(),
                                settings.rtmp().silenceTimeout(),
                                settings.rtmp().answerTimeout()),
                        new RtmpConfig.Limits(
                                settings.rtmp().maxConnections(),
                                settings.rtmp().maxConnectionsPerAddress(),
                                rtmp.limits().connectsPerSecond(),
                                settings.rtmp().refusalsPerMinute(),
                                rtmp.limits().nearby()),
                        rtmp.refusal() + " The connection log in the studio tells why."),
                new HttpConfig(
                        settings.http().host(),
                        settings.http().port(),
                        http.requestTimeout(),
                        http.writeTimeout(),
                        settings.http().maxConnections(),
                        http.maxConnectionsPerAddress(),
                        http.requestsPerSecond(),
                        http.limitPrivate(),
                        http.crossOrigin()),
                new HubConfig(
                        site.override(Setting.GRACE_SECONDS).isPresent()
                                ? Duration.ofSeconds(
                                        site.override(Setting.GRACE_SECONDS).getAsInt())
                                : settings.rtmp().grace(),
                        hub.takeoverInterval(),
                        hub.maxStreams(),
                        settings.rtmp().silentAudio()),
                FanoutConfig.defaults().with(settings.flush()),
                new HlsConfig(
                        SegmenterConfig.defaults(),
                        site.override(Setting.HLS_SEGMENTS)
                                .orElse(settings.hls().segments()),
                        settings.hls().always(),
                        data.resolve("hls")),
                settings.transport());
    }

    @Override
    public void stop() {
        MediaEngine running = engine;
        engine = null;
        if (running != null) {
            running.releasePublishers(RECONNECT_TIME);
            running.close();
        }
        stopped = true;
        questions.close();
        reports.close();
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

    // ---- questions and reports --------------------------------------------------------------------------------

    private CompletionStage<PublishDecision> authorize(PublishAttempt attempt) {
        return questions.ask(question(attempt));
    }

    private static PublishQuestion question(PublishAttempt attempt) {
        return new PublishQuestion(
                attempt.sessionId(),
                attempt.remoteAddress().getAddress().getHostAddress(),
                attempt.encoder(),
                attempt.channel().map(name -> name.toLowerCase(Locale.ROOT)),
                attempt.key().map(StreamKey::secret));
    }

    @Override
    public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
        questions.over(attempt.sessionId());
        Runnable report = () -> gate.refused(
                question(attempt),
                Refusal.valueOf(cause.name()),
                granted.map(grant -> OptionalLong.of(keyId(grant))).orElseGet(OptionalLong::empty));
        if (granted.isPresent()) {
            reports.add(report);
        } else {
            reports.addOfStranger(report);
        }
    }

    @Override
    public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
        reports.add(() -> gate.started(question(attempt), keyId(granted)));
    }

    @Override
    public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
        // At once: a report may wait behind others for the database, and the encoder is to return before that.
        gate.left(keyId(granted));
        reports.add(() -> gate.ended(question(attempt), keyId(granted), end.name()));
    }

    private static long keyId(PublishDecision.Granted granted) {
        return Long.parseLong(granted.credentialId());
    }

    // ---- events -----------------------------------------------------------------------------------------------

    @Override
    public void stateChanged(StreamStatus status, StreamState from, StreamState to) {
        news.tell(new LiveChanged(view(status, to), from == to));
    }

    @Override
    public void tracksChanged(StreamStatus status) {
        news.tell(new LiveChanged(view(status, status.state()), false));
    }

    @EventListener
    void on(DatabaseBack back) {
        questions.askAgain();
        news.catchUp(this::live);
    }

    /** One connection can be lost while the database stays: nobody says then that it is back. */
    @Scheduled(fixedDelay = 2_000)
    void catchUp() {
        if (database.away()) {
            return;
        }
        questions.askAgain();
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
                : running.control().stream(channel).map(status -> view(status, status.state()));
    }

    @Override
    public List<LiveView> live() {
        MediaEngine running = engine;
        return running == null
                ? List.of()
                : running.control().streams().stream()
                        .map(status -> view(status, status.state()))
                        .toList();
    }

    @Override
    public Optional<byte[]> newestKeyFrame(String channel) {
        MediaEngine running = engine;
        return running == null ? Optional.empty() : running.newestKeyFrame(channel);
    }

    @Override
    public List<byte[]> recentSegments(String channel, Duration length) {
        MediaEngine running = engine;
        return running == null ? List.of() : running.recentSegments(channel, length);
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
    public int rtmpPort() {
        MediaEngine running = engine;
        return running == null ? 0 : running.port("rtmp");
    }

    @Override
    public int httpPort() {
        MediaEngine running = engine;
        return running == null ? 0 : running.port("http");
    }

    private static LiveView view(StreamStatus status, StreamState state) {
        return new LiveView(
                status.channel(),
                status.broadcastId(),
                switch (state) {
                    case PROBING -> LiveState.STARTING;
                    case LIVE -> LiveState.LIVE;
                    case RECONNECTING -> LiveState.RECONNECTING;
                    case ENDED -> LiveState.ENDED;
                },
                status.startedAt(),
                status.liveSince().orElse(null),
                status.video()
                        .map(video -> new LiveView.Video(
                                video.codec(),
                                video.width(),
                                video.height(),
                                video.picture().bitDepth(),
                                video.picture().chroma().displayName(),
                                video.picture().interlaced()))
                        .orElse(null),
                status.audio()
                        .map(audio -> new LiveView.Audio(
                                audio.codec(), audio.sampleRate(), audio.channels(), audio.inSegments()))
                        .orElse(null),
                status.publisher()
                        .map(publisher -> new LiveView.Encoder(
                                publisher.encoder(),
                                publisher.remoteAddress().getAddress().getHostAddress()))
                        .orElse(null),
                status.publisher()
                        .map(publisher -> Long.valueOf(publisher.credentialId()))
                        .orElse(null),
                status.statistics().bitrate(),
                status.statistics().frameRate(),
                status.statistics().keyFrameIntervalMillis(),
                status.statistics().maxKeyFrameIntervalMillis(),
                status.viewers(),
                status.leftOut().stream()
                        .map(part ->
                                new LiveView.LeftOut(part.video(), part.what(), part.cause() == LeftOut.Cause.BROKEN))
                        .toList(),
                repairs(status));
    }

    private static Map<String, Long> repairs(StreamStatus status) {
        Map<String, Long> byName = new LinkedHashMap<>();
        for (Repair repair : Repair.values()) {
            long count = status.statistics().count(repair);
            if (count > 0) {
                byName.put(repair.name(), count);
            }
        }
        return byName;
    }
}
