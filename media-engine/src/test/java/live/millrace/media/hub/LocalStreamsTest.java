// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Viewers who look for streams, and sources that are started for them. */
class LocalStreamsTest {
    private static final StreamPath CAMERA = new StreamPath("cam", "Hall-2");
    private static final StreamPath ANNA = StreamPath.live("anna");
    private static final Duration LINGER = Duration.ofSeconds(10);

    /** Brings every stream of the application {@code cam}. */
    private final class FakeSource implements StreamSource {
        private final List<Work> works = new ArrayList<>();
        private boolean atOnce = true;

        private final class Work implements Run {
            private final CompletableFuture<Void> ended = new CompletableFuture<>();
            private final StreamPath path;
            private @Nullable Publisher publisher;
            private int stops;

            Work(StreamPath path) {
                this.path = path;
            }

            void publish() {
                PublisherInfo info = new PublisherInfo(
                        UUID.randomUUID(),
                        new PublisherOrigin.Pull("camera"),
                        new InetSocketAddress("192.0.2.9", 554),
                        "",
                        "rtsp",
                        Instant.EPOCH);
                PublishResult result = registry.publish(
                                new PublishRequest(path, info, loop.eventLoop(), _ -> {}, Latency.NORMAL))
                        .toCompletableFuture()
                        .join();
                publisher = ((PublishResult.Accepted) result).publisher();
            }

            @Override
            public CompletionStage<?> ended() {
                return ended;
            }

            @Override
            public void stop() {
                stops++;
                if (publisher != null) {
                    publisher.end();
                }
            }
        }

        @Override
        public boolean brings(StreamPath path) {
            return path.application().equals("cam");
        }

        @Override
        public Run start(StreamPath path) {
            Work work = new Work(path);
            works.add(work);
            if (atOnce) {
                work.publish();
            }
            return work;
        }
    }

    /** Watches. */
    private static class Watcher implements Subscriber {
        private boolean ended;

        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void frame(MediaFrame frame) {}

        @Override
        public void paused() {}

        @Override
        public void ended() {
            ended = true;
        }
    }

    /** Looks, and wants nothing brought. */
    private static final class Onlooker extends Watcher {
        @Override
        public boolean takes() {
            return false;
        }
    }

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final FakeSource source = new FakeSource();
    private LocalStreams streams;
    private StreamRegistry registry;

    @BeforeEach
    void begin() {
        loop.freezeTime();
        registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        streams = new LocalStreams(registry::find, List.of(source), LINGER);
        registry.listen(streams);
    }

    @AfterEach
    void end() {
        streams.close();
        registry.close();
        run();
        loop.finishAndReleaseAll();
    }

    private void run() {
        for (int i = 0; i < 4; i++) {
            loop.runPendingTasks();
        }
    }

    private void pass(Duration time) {
        loop.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
        run();
    }

    private CompletableFuture<StreamLocator.Location> locate(StreamPath path, Demand demand) {
        return streams.locate(path, demand).toCompletableFuture();
    }

    private LiveStream here(StreamPath path) {
        Optional<LiveStream> found = locate(path, Demand.NOW).join().here();
        return found.orElseThrow();
    }

    /** Three looks: it is not known well enough to be played. */
    private void untilNobodyTookIt(LiveStream stream) {
        for (int i = 0; i < 3; i++) {
            pass(LINGER);
        }
        assertThat(stream.state()).isEqualTo(StreamState.ENDED);
    }

    private Publisher published(StreamPath path) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(),
                new PublisherOrigin.Key("key"),
                new InetSocketAddress("192.0.2.1", 1),
                "test",
                "rtmp",
                Instant.EPOCH);
        return ((PublishResult.Accepted)
                        registry.publish(new PublishRequest(path, info, loop.eventLoop(), _ -> {}, Latency.NORMAL))
                                .toCompletableFuture()
                                .join())
                .publisher();
    }

    @Test
    void whoComesBeforeThePublisherWaitsForHim() {
        CompletableFuture<StreamLocator.Location> one = locate(ANNA, Demand.SOON);
        CompletableFuture<StreamLocator.Location> other = locate(new StreamPath("other", "anna"), Demand.SOON);
        assertThat(one).isNotDone();
        LiveStream stream = published(ANNA).stream();
        assertThat(one).isCompletedWithValue(new StreamLocator.Location.Local(stream));
        assertThat(other).as("another application").isNotDone();
        assertThat(here(ANNA)).isSameAs(stream);
    }

    @Test
    void whoDoesNotWaitIsToldAtOnce() {
        assertThat(locate(ANNA, Demand.NOW)).isCompletedWithValue(new StreamLocator.Location.Offline());
        assertThat(locate(ANNA, new Demand(Duration.ofMillis(20))))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new StreamLocator.Location.Offline());
    }

    @Test
    void aSourceIsStartedByTheFirstDemandOnceForAll() {
        source.atOnce = false;
        List<CompletableFuture<StreamLocator.Location>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(locate(CAMERA, i % 2 == 0 ? Demand.NOW : Demand.SOON));
        }
        assertThat(source.works).hasSize(1);
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        source.works.getFirst().publish();
        LiveStream stream = here(CAMERA);
        assertThat(asked)
                .allSatisfy(location ->
                        assertThat(location).isCompletedWithValue(new StreamLocator.Location.Local(stream)));
        assertThat(source.works).hasSize(1);
        locate(ANNA, Demand.NOW).join();
        assertThat(source.works).as("it does not bring anna").hasSize(1);
    }

    @Test
    void itIsStoppedSomeTimeAfterTheLastViewerLeft() {
        Watcher one = new Watcher();
        Watcher two = new Watcher();
        LiveStream stream = here(CAMERA);
        stream.subscribe(one);
        stream.subscribe(two);
        pass(LINGER.multipliedBy(5));
        stream.leave(one);
        pass(LINGER.multipliedBy(5));
        assertThat(source.works.getFirst().stops).isZero();
        stream.leave(two);
        run();
        pass(LINGER.minusMillis(1));
        assertThat(source.works.getFirst().stops).isZero();
        pass(Duration.ofMillis(1));
        assertThat(source.works.getFirst().stops).isEqualTo(1);
        assertThat(registry.streams()).as("without grace").isEmpty();
    }

    @Test
    void whoComesBackInTimeFindsItRunning() {
        Watcher one = new Watcher();
        LiveStream stream = here(CAMERA);
        stream.subscribe(one);
        stream.leave(one);
        run();
        pass(LINGER.minusSeconds(1));
        stream.subscribe(one);
        pass(LINGER.multipliedBy(2));
        assertThat(source.works.getFirst().stops).isZero();
        stream.leave(one);
        run();
        pass(LINGER.minusSeconds(1));
        assertThat(source.works.getFirst().stops).as("from the last leave").isZero();
        pass(Duration.ofSeconds(1));
        assertThat(source.works.getFirst().stops).isEqualTo(1);
        assertThat(one.ended).as("it had left").isFalse();
    }

    @Test
    void itIsStoppedWhenNobodyTakesItAtAll() {
        LiveStream stream = here(CAMERA);
        pass(LINGER);
        pass(LINGER);
        pass(LINGER.minusSeconds(1));
        stream.subscribe(new Onlooker());
        assertThat(source.works.getFirst().stops).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(source.works.getFirst().stops).isEqualTo(1);
        assertThat(stream.state()).isEqualTo(StreamState.ENDED);
    }

    /** A camera whose key frames are far apart has no list before its second. */
    @Test
    void oneThatIsNotKnownYetIsGivenTime() {
        LiveStream stream = here(CAMERA);
        pass(LINGER);
        pass(LINGER);
        assertThat(source.works.getFirst().stops).isZero();
        stream.subscribe(new Watcher());
        pass(LINGER.multipliedBy(3));
        assertThat(stream.state()).isNotEqualTo(StreamState.ENDED);
    }

    /** The camera waits for its turn, and its viewers have what they want. */
    @Test
    void anEncoderOnTheCamerasPathIsNotSentAwayWithTheSource() {
        source.atOnce = false;
        CompletableFuture<StreamLocator.Location> asked = locate(CAMERA, Demand.NOW);
        LiveStream stream = published(CAMERA).stream();
        assertThat(asked).isCompletedWithValue(new StreamLocator.Location.Local(stream));
        pass(LINGER.multipliedBy(4));
        assertThat(source.works.getFirst().stops).isEqualTo(1);
        assertThat(stream.state()).isNotEqualTo(StreamState.ENDED);
    }

    @Test
    void aDemandWhileItStopsStartsItAnewWhenItHasEnded() {
        untilNobodyTookIt(here(CAMERA));
        CompletableFuture<StreamLocator.Location> late = locate(CAMERA, Demand.NOW);
        assertThat(late).isNotDone();
        assertThat(source.works).hasSize(1);
        source.works.getFirst().ended.complete(null);
        assertThat(source.works).hasSize(2);
        assertThat(late.join().here()).isPresent();
    }

    @Test
    void oneThatCannotSaysSoToThoseWhoWaitAndRestsForAMoment() {
        source.atOnce = false;
        CompletableFuture<StreamLocator.Location> asked = locate(CAMERA, Demand.SOON);
        source.works.getFirst().ended.completeExceptionally(new IllegalStateException("no route to the camera"));
        assertThat(asked).isCompletedWithValue(new StreamLocator.Location.Offline());
        assertThat(locate(CAMERA, Demand.NOW)).isCompletedWithValue(new StreamLocator.Location.Offline());
        assertThat(source.works).as("not for everybody who tries again").hasSize(1);
    }

    /** A camera that sends packets and never a picture. */
    @Test
    void oneThatBringsNothingIsStoppedSomeTimeAfterTheLastWhoWaited() throws Exception {
        Duration linger = Duration.ofMillis(100);
        streams = new LocalStreams(registry::find, List.of(source), linger, Duration.ofMillis(300));
        registry.listen(streams);
        source.atOnce = false;
        CompletableFuture<StreamLocator.Location> first = locate(CAMERA, Demand.NOW);
        assertThat(first).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new StreamLocator.Location.Offline());
        CompletableFuture<StreamLocator.Location> second = locate(CAMERA, Demand.NOW);
        Wait.until("it is stopped", () -> source.works.getFirst().stops == 1);
        assertThat(second).as("not under somebody who waits").isCompleted();
        assertThat(source.works).hasSize(1);
    }

    /** Its viewers were told of the end, and nobody else knows that it is at work. */
    @Test
    void oneThatDoesNotBringBackItsStreamIsStoppedWithIt() throws Exception {
        streams = new LocalStreams(registry::find, List.of(source), Duration.ofMillis(50), Duration.ofMillis(300));
        registry.listen(streams);
        LiveStream stream = here(CAMERA);
        stream.subscribe(new Watcher());
        registry.end(CAMERA);
        run();
        Wait.until("it is stopped", () -> source.works.getFirst().stops == 1);
    }

    @Test
    void aPublisherOfThatNameIsNotSentAway() {
        LiveStream stream = published(new StreamPath("cam", "held")).stream();
        pass(LINGER.multipliedBy(3));
        assertThat(stream.state()).isNotEqualTo(StreamState.ENDED);
        assertThat(source.works).isEmpty();
    }

    @Test
    void theEndStopsWhatRuns() {
        here(CAMERA);
        streams.close();
        assertThat(source.works.getFirst().stops).isEqualTo(1);
        assertThat(locate(new StreamPath("cam", "another"), Demand.NOW))
                .isCompletedWithValue(new StreamLocator.Location.Offline());
    }
}
