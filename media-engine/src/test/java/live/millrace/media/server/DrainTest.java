// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How publishers are let go when the engine goes down. */
@ExtendWith(LeakExtension.class)
class DrainTest {
    private static final String REQUEST = "NetConnection.Connect.ReconnectRequest";

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<PublishEnd> ends = new ConcurrentLinkedQueue<>();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = MediaEngine.start(
                OpenEngine.config(directory),
                EnginePorts.openToViewers(OpenEngine.EVERYBODY, new Ends(), OpenEngine.DEAF));
    }

    private final class Ends implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {}

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {}

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            ends.add(end);
        }
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private RtmpScript publisher(String name, int capsEx) throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake();
        script.command(0, "connect", 1, AmfValue.object("app", AmfValue.of("live"), "capsEx", AmfValue.of(capsEx)));
        script.await("_result");
        assertThat(script.publish(name)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private static String status(RtmpScript script) throws Exception {
        return ((AmfValue.Obj) script.await("onStatus").get(3)).text("code").orElseThrow();
    }

    private long received() {
        return engine.control().streams().getFirst().statistics().frames();
    }

    private CompletableFuture<Void> release(Duration time) {
        return Beside.run(() -> engine.releasePublishers(time));
    }

    @Test
    void whoCanReconnectIsAskedToAndHeardUntilItLeaves() throws Exception {
        try (RtmpScript script = publisher("anna", 1)) {
            MediaScript media = new MediaScript(script).headers().both(4);
            script.sync();
            CompletableFuture<Void> released = release(Duration.ofSeconds(30));
            assertThat(status(script)).isEqualTo(REQUEST);

            long before = received();
            media.both(10);
            Wait.until("media is taken after the request", () -> received() > before);
            assertThat(released).isNotDone();

            script.command(0, "FCUnpublish", 0, AmfValue.NULL, AmfValue.of("anna"));
            released.get(10, TimeUnit.SECONDS);
            assertThat(ends).containsExactly(PublishEnd.SHUTDOWN);
        }
    }

    @Test
    void whoStaysIsSentAwayInTheEnd() throws Exception {
        try (RtmpScript script = publisher("anna", 1)) {
            release(Duration.ofMillis(100));
            assertThat(status(script)).isEqualTo(REQUEST);
            assertThat(status(script)).isEqualTo("NetStream.Publish.Idle");
            Wait.until("the session ends", () -> !ends.isEmpty());
            assertThat(ends).containsExactly(PublishEnd.SHUTDOWN);
        }
    }

    @Test
    void whoCannotIsSentAwayAtOnce() throws Exception {
        try (RtmpScript script = publisher("anna", 6)) {
            release(Duration.ofMinutes(5)).get(10, TimeUnit.SECONDS);
            assertThat(status(script)).isEqualTo("NetStream.Publish.Idle");
        }
    }
}
