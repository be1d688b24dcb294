// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a broadcast, on event loops whose clocks the test holds. */
class LiveStreamTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;
    private static final StreamPath ANNA = StreamPath.live("anna");

    private final List<String> events = new ArrayList<>();
    private final List<String> kicks = new ArrayList<>();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final EmbeddedChannel otherLoop = new EmbeddedChannel();
    private final StreamRegistry registry = new StreamRegistry(
            HubConfig.defaults(),
            List.of(new StreamListener() {
                @Override
                public void created(LiveStream stream) {
                    stream.subscribe(new Subscriber() {
                        @Override
                        public void tracks(List<Track> tracks) {
                            events.add("tracks" + tracks.stream().map(Track::id).toList());
                        }

                        @Override
                        public void frame(MediaFrame frame) {
                            events.add(frame.track().id() + "@" + frame.decodeTime());
                            stream.markPlayable();
                        }

                        @Override
                        public void paused() {
                            events.add("paused");
                        }

                        @Override
                        public void ended() {
                            events.add("ended");
                        }
                    });
                }

                @Override
                public void stateChanged(LiveStream stream, StreamState from, StreamState to) {
                    events.add(from + ">" + to);
                }
            }),
            InstantSource.system());

    @BeforeEach
    void holdTheClocks() {
        loop.freezeTime();
        otherLoop.freezeTime();
    }

    /** What streams hold goes with them. */
    @AfterEach
    void endAll() {
        registry.close();
        runAll();
    }

    private CompletableFuture<PublishResult> publish(EmbeddedChannel on, String key) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), key, new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        CompletableFuture<PublishResult> result = registry.publish(new PublishRequest(
                        ANNA, info, on.eventLoop(), reason -> kicks.add(key + " " + reason), Latency.NORMAL))
                .toCompletableFuture();
        runAll();
        return result;
    }

    private Publisher accepted(EmbeddedChannel on, String key) {
        return ((PublishResult.Accepted) publish(on, key).join()).publisher();
    }

    private void runAll() {
        for (int i = 0; i < 4; i++) {
            loop.runPendingTasks();
            otherLoop.runPendingTasks();
        }
    }

    @Test
    void aSubscriberThatFailsCostsNeitherThePublisherNorTheOthers() {
        Publisher publisher = accepted(loop, "key");
        List<String> failing = new ArrayList<>();
        publisher.stream().subscribe(new Subscriber() {
            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                failing.add("frame");
                throw new IllegalStateException("a subscriber fails");
            }

            @Override
            public void paused() {
                failing.add("paused");
            }

            @Override
            public void ended() {
                failing.add("ended");
                throw new IllegalStateException("at its end as well");
            }
        });
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        for (long millis = 0; millis < 4_000; millis += 40) {
            picture(publisher, millis);
            sound(publisher, millis);
        }
        assertThat(failing).containsExactly("frame", "ended");
        assertThat(events.stream().filter(event -> event.startsWith(VIDEO.id() + "@")))
                .hasSize(100);
        publisher.end();
        assertThat(publisher.stream().state()).isEqualTo(StreamState.RECONNECTING);
        assertThat(events).contains("paused");
    }

    /** Whoever subscribes and fails must not cost memory that nobody gives back. */
    @Test
    void framesThatWereHeldGoBackWhenOneOfThemFails() {
        Publisher publisher = accepted(loop, "key");
        publisher.stream().subscribe(new Subscriber() {
            private int frames;

            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                if (++frames == 2) {
                    throw new IllegalStateException("a subscriber fails");
                }
            }

            @Override
            public void paused() {}

            @Override
            public void ended() {}
        });
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        List<ByteBuf> payloads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            payloads.add(Unpooled.buffer().writeInt(1).writeByte(0x65));
            publisher.frame(new MediaFrame(VIDEO, i * 3_600L, 0, true, payloads.getLast()));
        }
        payloads.add(Unpooled.buffer().writeInt(1));
        MediaFrame sound = new MediaFrame(AUDIO, 0, 0, true, payloads.getLast());
        publisher.frame(sound);
        payloads.forEach(ByteBuf::release);
        assertThat(payloads).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }

    private void picture(Publisher publisher, long millis) {
        frame(
                publisher,
                new MediaFrame(VIDEO, millis * 90, 0, true, Unpooled.buffer().writeZero(8)));
    }

    private void sound(Publisher publisher, long millis) {
        frame(
                publisher,
                new MediaFrame(
                        AUDIO,
                        millis * 44_100 / 1000,
                        0,
                        true,
                        Unpooled.buffer().writeZero(8)));
    }

    private static void frame(Publisher publisher, MediaFrame frame) {
        ByteBuf payload = frame.payload();
        publisher.frame(frame);
        payload.release();
    }

    private Publisher onAir(EmbeddedChannel on, String key) {
        Publisher publisher = accepted(on, key);
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        picture(publisher, 0);
        sound(publisher, 0);
        return publisher;
    }

    private StreamState state() {
        return registry.find(ANNA).map(LiveStream::state).orElse(StreamState.ENDED);
    }

    @Test
    void framesWaitUntilSoundAndPictureAreThere() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        picture(publisher, 0);
        assertThat(events).isEmpty();
        sound(publisher, 0);
        assertThat(events).containsExactly("tracks[0, 1]", "0@0", "PROBING>LIVE", "1@0");
    }

    @Test
    void aPublisherThatLeavesAndReturnsContinuesTheBroadcastOnWhateverLoop() {
        Publisher first = onAir(loop, "k1");
        UUID broadcast = registry.find(ANNA).orElseThrow().broadcastId();
        first.end();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
        events.clear();
        Publisher second = onAir(otherLoop, "k1");
        assertThat(registry.find(ANNA).orElseThrow().broadcastId()).isEqualTo(broadcast);
        assertThat(state()).isEqualTo(StreamState.LIVE);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
        assertThat(events).as("time goes on").contains("0@3600");
        // What the old session still says reaches nobody.
        events.clear();
        picture(first, 40);
        first.end();
        assertThat(events).isEmpty();
        second.end();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
    }

    @Test
    void whenTheGraceTimeIsOverTheBroadcastEnds() {
        onAir(loop, "k1").end();
        loop.advanceTimeBy(59, TimeUnit.SECONDS);
        runAll();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
        loop.advanceTimeBy(2, TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        runAll();
        assertThat(registry.find(ANNA)).isEmpty();
        assertThat(events).endsWith("ended", "RECONNECTING>ENDED");
    }

    @Test
    void theSameKeyTakesOverAtOnceButNotTwiceInTwoSeconds() {
        onAir(loop, "k1");
        Publisher second = onAir(otherLoop, "k1");
        assertThat(kicks).containsExactly("k1 TAKEN_OVER");
        assertThat(second.stream().state()).isEqualTo(StreamState.LIVE);
        assertThat(publish(loop, "k1").join())
                .isEqualTo(new PublishResult.Refused(PublishResult.Cause.TAKEOVER_TOO_SOON));
    }

    @Test
    void anotherKeyIsRefusedWhileSomebodyPublishes() {
        Publisher first = onAir(loop, "k1");
        assertThat(publish(otherLoop, "k2").join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
        assertThat(kicks).isEmpty();
        first.end();
        assertThat(publish(otherLoop, "k2").join()).isInstanceOf(PublishResult.Accepted.class);
    }

    @Test
    void anAdminEndsWithoutGraceAndTheNextPublisherStartsAnew() {
        UUID first = onAir(loop, "k1").stream().broadcastId();
        assertThat(registry.end(ANNA)).isTrue();
        runAll();
        assertThat(kicks).containsExactly("k1 ENDED");
        assertThat(registry.find(ANNA)).isEmpty();
        assertThat(registry.end(ANNA)).isFalse();
        assertThat(onAir(loop, "k1").stream().broadcastId()).isNotEqualTo(first);
    }

    @Test
    void aLateTrackIsAnnounced() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(VIDEO);
        picture(publisher, 0);
        for (int i = 1; i < 260; i++) {
            picture(publisher, i * 4L); // the gate opens by number of frames
        }
        events.clear();
        publisher.track(AUDIO);
        sound(publisher, 1040);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
    }

    @Test
    void stepsBackAreEvenedOutAndJumpsStartANewTimeLine() {
        Publisher publisher = onAir(loop, "k1");
        picture(publisher, 40);
        picture(publisher, 20);
        events.clear();
        picture(publisher, 80);
        assertThat(events).containsExactly("0@7200");
        events.clear();
        picture(publisher, 3_600_080);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
        long mapped = Long.parseLong(events.get(1).substring(2));
        assertThat(mapped).isBetween(7_200L, 90_000L);
        StreamStatistics statistics = publisher.stream().statistics();
        assertThat(statistics.frames()).isPositive();
    }

    @Test
    void anEncoderWhoseClockJumpsAgainAndAgainHasToGo() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 0; i < 10; i++) {
            picture(publisher, i % 2 == 0 ? 50_000_000 : 0);
        }
        assertThat(kicks).containsExactly("k1 BROKEN_CLOCK");
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
    }

    @Test
    void soundIsASumOfSamplesWhateverMillisecondsSay() {
        Publisher publisher = onAir(loop, "k1");
        events.clear();
        for (int i = 1; i <= 1000; i++) {
            sound(publisher, Math.round(i * 1024 * 1000.0 / 44_100));
        }
        for (int i = 1; i <= 1000; i++) {
            assertThat(events.get(i - 1)).isEqualTo("1@" + i * 1024L);
        }
    }

    private static Track wide() {
        byte[] avcC = ByteBufUtil.getBytes(SampleMedia.avcC());
        avcC[avcC.length - 1] ^= 4; // another picture parameter set
        return new Track(
                Track.VIDEO, new H264.Format(AvcDecoderConfigurationRecord.parse(Unpooled.wrappedBuffer(avcC))));
    }

    private static void key(Publisher publisher, Track track, long millis) {
        frame(
                publisher,
                new MediaFrame(track, millis * 90, 0, true, Unpooled.buffer().writeZero(8)));
    }

    @Test
    void aConfigurationIsAnnouncedWithItsFirstFrameAndSixTimesInARowAtMost() {
        Publisher publisher = onAir(loop, "k1");
        Track other = wide();
        events.clear();
        publisher.track(other);
        assertThat(events).as("no media, no cut").isEmpty();
        for (int i = 1; i <= 40; i++) {
            Track track = i % 2 == 1 ? other : VIDEO;
            publisher.track(track);
            key(publisher, track, i * 40L);
        }
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(6);
        assertThat(kicks).isEmpty();
        loop.advanceTimeBy(1, TimeUnit.SECONDS);
        publisher.end();
        assertThat(publisher.stream().statistics().count(Repair.CONFIGURATION_HELD))
                .isPositive();
    }

    @Test
    void silenceStandsInForSoundThatVanishesAndMakesWayWhenItReturns() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 1; i <= 250; i++) {
            picture(publisher, i * 40L);
        }
        List<Long> sounds = times(1);
        assertThat(sounds.getLast() * 1000 / 44_100).isBetween(9_500L, 9_800L);
        sound(publisher, 10_000);
        assertThat(times(1).getLast() * 1000 / 44_100).isBetween(9_600L, 10_010L);
        assertThat(times(1)).isSorted().doesNotHaveDuplicates();
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(1);
    }

    @Test
    void soundThatComesLateOnItsOwnZeroFollowsTheSilenceThatStoodInForIt() {
        StreamRegistry silent = new StreamRegistry(
                new HubConfig(Duration.ofSeconds(60), Duration.ofSeconds(2), 10, true),
                List.of(),
                InstantSource.system());
        Publisher publisher = accepted(silent);
        List<Double> silence = new ArrayList<>();
        List<Double> sounds = new ArrayList<>();
        publisher.stream().subscribe(new Subscriber() {
            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                if (!frame.track().isVideo()) {
                    (frame.payload().readableBytes() == 8 ? sounds : silence)
                            .add(frame.decodeTime() * 1_000.0 / frame.track().timescale());
                }
            }

            @Override
            public void paused() {}

            @Override
            public void ended() {}
        });
        for (int i = 0; i < 300; i++) {
            picture(publisher, 900_000_000 + i * 40L);
        }
        assertThat(silence.getLast()).isBetween(11_900.0, 12_000.0);
        publisher.track(AUDIO);
        for (int i = 0; i < 100; i++) {
            picture(publisher, 900_000_000 + 12_000 + i * 23L);
            sound(publisher, i * 23L);
        }
        assertThat(sounds).isSorted().hasSizeGreaterThan(95);
        assertThat(sounds.getFirst()).isBetween(11_900.0, 12_200.0);
        assertThat(publisher.stream().statistics().count(Repair.LINE_CUT)).isZero();
        silent.close();
        runAll();
    }

    private Publisher accepted(StreamRegistry other) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        CompletableFuture<PublishResult> result = other.publish(
                        new PublishRequest(ANNA, info, loop.eventLoop(), _ -> {}, Latency.NORMAL))
                .toCompletableFuture();
        runAll();
        return ((PublishResult.Accepted) result.join()).publisher();
    }

    /** Media of four minutes and a half, made in four. */
    @Test
    void aFastEncoderIsNotInTheFuture() {
        Instant[] now = {Instant.parse("2026-11-25T12:00:00Z")};
        StreamRegistry others = new StreamRegistry(HubConfig.defaults(), List.of(), () -> now[0]);
        Publisher publisher = accepted(others);
        picture(publisher, 0);
        sound(publisher, 0);
        long made = 220;
        Instant last = Instant.EPOCH;
        for (int i = 0; i < 4 * 60 * 5; i++) {
            picture(publisher, made);
            Instant told = publisher.stream().wallClock(made);
            assertThat(told).isAfter(last);
            assertThat(Duration.between(now[0], told)).isLessThan(Duration.ofSeconds(1));
            last = told;
            made += 220;
            now[0] = now[0].plusMillis(200);
        }
        assertThat(Duration.between(last, now[0])).isLessThan(Duration.ofSeconds(1));
        others.close();
        runAll();
    }

    @Test
    void aFormatThatChangesBeforeTheTracksAreKnownIsNotMixedWithTheOneBefore() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(AUDIO);
        sound(publisher, 0);
        sound(publisher, 23);
        Track other = new Track(Track.AUDIO, new Mp3.Format(22_050, 2, false));
        publisher.track(other);
        frame(
                publisher,
                new MediaFrame(
                        other, 46 * 22_050 / 1_000, 0, true, Unpooled.buffer().writeZero(8)));
        publisher.track(VIDEO);
        picture(publisher, 50);
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(2);
        assertThat(times(1)).containsExactly(0L, 1_024L, 1_024L);
    }

    @Test
    void aJumpOfTheClockIsNoDistanceBetweenKeyFrames() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 1; i < 5; i++) {
            picture(publisher, i * 2_000L);
        }
        picture(publisher, 3_600_000);
        picture(publisher, 3_602_000);
        publisher.end();
        assertThat(publisher.stream().statistics().maxKeyFrameIntervalMillis()).isEqualTo(2_000);
    }

    private List<Long> times(int track) {
        return events.stream()
                .filter(event -> event.startsWith(track + "@"))
                .map(event -> Long.parseLong(event.substring(2)))
                .toList();
    }
}
