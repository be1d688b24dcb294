// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtspScript;
import live.millrace.media.testing.Wait;
import live.millrace.media.time.Timescale;

/** An engine that speaks RTSP. {@code mr_key_of_NAME_and_then_some} publishes as NAME; {@code private} is for tickets alone. */
final class RtspScene implements AutoCloseable {
    static final RtspTimes TIMES = new RtspTimes(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofMillis(100));

    final Queue<String> told = new ConcurrentLinkedQueue<>();
    final Set<String> tickets = ConcurrentHashMap.newKeySet();
    final MediaEngine engine;
    private final AtomicReference<EndpointContext> context = new AtomicReference<>();
    final RtspEndpoint rtsp;

    RtspScene(Path directory) {
        this(directory, TIMES, true, StreamNaming.CHANNELS);
    }

    RtspScene(Path directory, RtspTimes times, boolean datagrams, StreamNaming naming) {
        EngineConfig config = OpenEngine.config(directory).with(naming);
        RtspConfig spoken = new RtspConfig("127.0.0.1", 0, datagrams, "Not with this key.");
        EnginePorts ports = new EnginePorts(
                attempt -> CompletableFuture.completedStage(decide(attempt)),
                new Reports(),
                attempt -> CompletableFuture.completedStage(
                        !attempt.name().equals("private")
                                        || attempt.ticket()
                                                .map(PlayTicket::secret)
                                                .filter(tickets::contains)
                                                .isPresent()
                                ? PlayDecision.UNLIMITED
                                : PlayDecision.NOT_ALLOWED),
                PlayObserver.NOBODY,
                OpenEngine.DEAF);
        engine = MediaEngine.start(config, ports, List.of(each -> {
            context.set(each);
            return new RtspEndpoint(spoken, each, Optional.empty(), times);
        }));
        rtsp = engine.endpoint(RtspEndpoint.class);
    }

    static String key(String name) {
        return "mr_key_of_" + name + "_and_then_some_more";
    }

    private static PublishDecision decide(PublishAttempt attempt) {
        String key = attempt.key().orElseThrow().secret();
        String name = key.replaceFirst("^mr_key_of_(.*)_and_then_some_more$", "$1");
        if (name.equals(key)) {
            return new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY);
        }
        if (attempt.channel().filter(said -> !said.equals(name)).isPresent()) {
            return new PublishDecision.Refused(RefusalCause.WRONG_CHANNEL);
        }
        return new PublishDecision.Granted(name, key);
    }

    private final class Reports implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            told.add("refused " + cause);
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            told.add(attempt.protocol() + " " + granted.name() + " started");
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            told.add(granted.name() + " ended " + end);
        }
    }

    int port() {
        return engine.port("rtsp");
    }

    RtspScript client() throws IOException {
        return new RtspScript(port());
    }

    /** One that publishes, and has sent its first pictures. */
    RtspScript publisher(String name, int pictures) throws Exception {
        RtspScript script = client();
        if (script.publish("/live/" + key(name)).status() != 200) {
            throw new IOException("refused");
        }
        script.pictures(0, pictures);
        awaitTracks(name);
        return script;
    }

    void awaitTracks(String name) throws Exception {
        Wait.until(
                name + " has tracks",
                () -> engine.control().stream(
                                StreamPath.of("live", name).orElseThrow().name())
                        .filter(stream -> stream.video().isPresent())
                        .isPresent());
    }

    void awaitTold(String what) throws Exception {
        Wait.until("told " + what + ", not only " + told, () -> told.contains(what));
    }

    /** What a stream keeps since its last key frame, as lines: the track's kind, the time in ms, the size. */
    List<String> kept(String name) throws Exception {
        LiveStream stream = context.get()
                .locator()
                .find(StreamPath.of("live", name).orElseThrow())
                .orElse(null);
        if (stream == null) {
            return List.of();
        }
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        stream.onOwner(() -> {
            List<String> lines = new ArrayList<>();
            Subscriber reader = new Subscriber() {
                @Override
                public void tracks(List<Track> tracks) {}

                @Override
                public void frame(MediaFrame frame) {
                    lines.add((frame.track().isVideo() ? "v " : "a ")
                            + Timescale.convert(
                                    frame.presentationTime(), frame.track().timescale(), Timescale.MILLIS)
                            + " " + frame.payload().readableBytes());
                }

                @Override
                public void paused() {}

                @Override
                public void ended() {}
            };
            stream.subscribe(reader);
            stream.leave(reader);
            all.complete(List.copyOf(lines)); // it leaves in its turn, and hears of frames until then
        });
        return all.get(20, TimeUnit.SECONDS);
    }

    /** How many pictures that are. */
    int pictures(String name) throws Exception {
        return (int) kept(name).stream().filter(line -> line.startsWith("v")).count();
    }

    @Override
    public void close() {
        engine.close();
    }
}
