// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamState;
import live.millrace.media.testing.EngineConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a library. */
class EmbeddedConformanceTest extends EngineConformance {
    private static final String KEY = "key-";

    @TempDir
    private static Path directory;

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static MediaEngine engine;

    @BeforeAll
    static void start() {
        EngineConfig d = EngineConfig.defaults(directory);
        engine = MediaEngine.start(
                new EngineConfig(
                                d.rtmp().at("127.0.0.1", 0),
                                d.http().at("127.0.0.1", 0),
                                d.hub(),
                                d.fanout(),
                                d.hls().cuttingAlways(),
                                Transport.NIO)
                        .with(StreamNaming.CHANNELS),
                EnginePorts.openToViewers(
                        attempt -> {
                            String key = attempt.key().orElseThrow().secret();
                            return CompletableFuture.completedStage(
                                    key.startsWith(KEY)
                                            ? new PublishDecision.Granted(key.substring(KEY.length()), key)
                                            : new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
                        },
                        new PublishObserver() {
                            @Override
                            public void refused(
                                    PublishAttempt attempt,
                                    RefusalCause cause,
                                    Optional<PublishDecision.Granted> granted) {}

                            @Override
                            public void started(PublishAttempt attempt, PublishDecision.Granted granted) {}

                            @Override
                            public void ended(
                                    PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {}
                        },
                        new EngineListener() {
                            @Override
                            public void stateChanged(StreamStatus status, StreamState from, StreamState to) {}

                            @Override
                            public void tracksChanged(StreamStatus status) {}
                        }));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Override
    protected int rtmpPort() {
        return engine.port("rtmp");
    }

    @Override
    protected int httpPort() {
        return engine.port("http");
    }

    @Override
    protected Ticket ticket() {
        String channel = "embedded-" + NAMES.incrementAndGet();
        return new Ticket(channel, KEY + channel);
    }
}
