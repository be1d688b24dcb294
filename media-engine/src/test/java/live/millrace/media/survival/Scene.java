// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.endpoint.rtmp.RtmpConfig;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.endpoint.webrtc.WhepPeer;
import live.millrace.media.endpoint.webrtc.WhipPeer;
import live.millrace.media.frame.Repair;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.Transport;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.RtspScript;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;

/** An engine with short time limits, and what cases need to treat it badly. The key {@code key-anna} publishes as {@code anna}. */
final class Scene implements AutoCloseable {
    static final String KEY = "key-";
    static final String OTHER_KEY = "other-";

    /** Nobody answers whether it may publish. */
    static final String SLOW_KEY = "slow";

    /** Publishes under a name that no stream can have. */
    static final String NAMELESS_KEY = "nameless";

    /** Of HTTP where limits are low, in all and of one address. */
    static final int LIMITED_SOCKETS = 30;

    static final int LIMITED_SOCKETS_OF_ONE = 40;

    /** A publisher that says nothing for so long is gone. The healthy one comes to it on no machine, however busy. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    private final AtomicInteger names = new AtomicInteger();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final @Nullable MediaEngine engine;
    private final @Nullable Path segments;
    private volatile @Nullable CompletableFuture<PublishDecision> question;
    private final int rtmpPort;
    private final HlsReader hls;

    Scene(Path directory) {
        this(directory, false, false);
    }

    /** @param limited the limits by address hold for this machine as well, and are low */
    Scene(Path directory, boolean limited, boolean silentAudio) {
        segments = directory.resolve("hls");
        RtmpConfig rtmp = RtmpConfig.defaults();
        HttpConfig http = HttpConfig.defaults();
        EngineConfig config = new EngineConfig(
                        new RtmpConfig(
                                "127.0.0.1",
                                0,
                                new RtmpConfig.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2)),
                                rtmp.refusal()),
                        new HttpConfig(
                                "127.0.0.1",
                                0,
                                limited ? http.requestTimeout() : Duration.ofSeconds(3),
                                Duration.ofSeconds(3),
                                limited ? LIMITED_SOCKETS : http.maxConnections(),
                                limited ? LIMITED_SOCKETS_OF_ONE : http.maxConnectionsPerAddress(),
                                limited ? 50 : http.requestsPerSecond(),
                                limited,
                                true),
                        new HubConfig(Duration.ofSeconds(3), Duration.ofSeconds(2), 5_000, silentAudio),
                        live.millrace.media.fanout.FanoutConfig.defaults(),
                        HlsConfig.defaults(segments).cuttingAlways(),
                        Transport.AUTO)
                .with(RtspConfig.defaults().at("127.0.0.1", 0))
                .with(new AdmissionConfig(
                        Duration.ofSeconds(1),
                        SILENCE,
                        limited ? new AdmissionConfig.Limits(100, 20, 50, 5, true) : AdmissionConfig.Limits.defaults()))
                .with(SrtConfig.defaults().at("127.0.0.1", 0))
                .with(WebrtcConfig.defaults().at("127.0.0.1", 0));
        MediaEngine started = MediaEngine.start(
                config, EnginePorts.openToViewers(this::authorize, new Reports(), new EngineListener() {
                    @Override
                    public void stateChanged(StreamStatus status, StreamState from, StreamState to) {
                        told.add(status.channel() + " " + to);
                    }

                    @Override
                    public void tracksChanged(StreamStatus status) {}
                }));
        engine = started;
        rtmpPort = started.port("rtmp");
        hls = new HlsReader(started.port("http"));
    }

    /** An engine of another process; cases that look inside cannot be run. */
    Scene(int rtmpPort, int httpPort) {
        this.engine = null;
        this.segments = null;
        this.rtmpPort = rtmpPort;
        this.hls = new HlsReader(httpPort);
    }

    private CompletableFuture<PublishDecision> authorize(PublishAttempt attempt) {
        String key = attempt.key().orElseThrow().secret();
        if (key.equals(SLOW_KEY)) {
            told.add("asked " + key);
            CompletableFuture<PublishDecision> asked = new CompletableFuture<>();
            question = asked;
            return asked;
        }
        if (key.equals(NAMELESS_KEY)) {
            return CompletableFuture.completedFuture(new PublishDecision.Granted("!", key));
        }
        for (String prefix : new String[] {KEY, OTHER_KEY}) {
            if (key.startsWith(prefix) && key.matches("[a-z0-9-]+")) {
                return CompletableFuture.completedFuture(
                        new PublishDecision.Granted(key.substring(prefix.length()), key));
            }
        }
        return CompletableFuture.completedFuture(new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
    }

    private final class Reports implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            told.add("refused " + cause);
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            told.add(granted.name() + " started");
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            told.add(granted.name() + " ended " + end);
        }
    }

    MediaEngine engine() {
        return Objects.requireNonNull(engine, "the engine runs elsewhere");
    }

    /** What was asked last and is not answered. */
    @Nullable
    CompletableFuture<PublishDecision> question() {
        return question;
    }

    /** The pictures that lie on the disk, a file for each segment of whatever broadcast. Folders and files may go meanwhile. */
    Set<String> segmentsOnDisk() {
        Set<String> names = new HashSet<>();
        String[] broadcasts = Objects.requireNonNull(segments, "the engine runs elsewhere")
                .toFile()
                .list();
        for (String broadcast : broadcasts == null ? new String[0] : broadcasts) {
            String[] files = segments.resolve(broadcast).toFile().list((_, name) -> name.endsWith(".v0.m4s"));
            for (String file : files == null ? new String[0] : files) {
                names.add(broadcast + "/" + file);
            }
        }
        return names;
    }

    HlsReader hls() {
        return hls;
    }

    /** A channel that nobody used. */
    String channel() {
        return "case-" + names.incrementAndGet();
    }

    RtmpScript socket() throws IOException {
        return new RtmpScript(rtmpPort);
    }

    RtmpScript connected() throws IOException {
        return socket().handshake().connect("live");
    }

    RtmpScript publisher(String channel) throws IOException {
        RtmpScript script = connected();
        assertThat(script.publish(KEY + channel)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    RtspScript rtsp() throws IOException {
        return new RtspScript(engine().port("rtsp"));
    }

    WhipPeer whip() throws IOException {
        return new WhipPeer(engine().port("http"));
    }

    WhepPeer whep() throws IOException {
        return new WhepPeer(engine().port("http"));
    }

    /** Frames of a channel that came so far. */
    long frames(String channel) {
        return engine().control().stream(channel)
                .map(stream -> stream.statistics().frames())
                .orElse(0L);
    }

    /** Waits until the engine has told something. */
    void awaitTold(String what) throws Exception {
        Wait.until("told " + what, () -> told.contains(what));
    }

    long countTold(String what) {
        return told.stream().filter(what::equals).count();
    }

    HlsReader.Playlist awaitLive(String channel) throws Exception {
        Wait.until(channel + " is live", () -> hls.playlist(channel).isLive());
        return hls.playlist(channel);
    }

    /** The playlist with everything that a publisher has sent so far. */
    HlsReader.Playlist after(RtmpScript script, String channel) throws Exception {
        script.sync();
        return hls.playlist(channel);
    }

    /** Statistics are published with key frames, and every two seconds. */
    long repairs(String channel, Repair repair) {
        return engine().control().stream(channel)
                .map(stream -> stream.statistics().count(repair))
                .orElse(0L);
    }

    boolean publishing(String channel) {
        return engine().control().stream(channel)
                .map(stream -> stream.publisher().isPresent())
                .orElse(false);
    }

    StreamState state(String channel) {
        return engine().control().stream(channel).map(StreamStatus::state).orElse(StreamState.ENDED);
    }

    @Override
    public void close() {
        hls.close();
        if (engine != null) {
            engine.close();
        }
    }
}
