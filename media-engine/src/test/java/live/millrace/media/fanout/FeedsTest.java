// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.Publisher;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.TestPublisher;
import org.junit.jupiter.api.Test;

/** What viewers get, on event loops that the test holds. Each frame is written as one letter and its number. */
class FeedsTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;

    private final EmbeddedChannel owner = new EmbeddedChannel();
    private Feeds feeds = new Feeds(FanoutConfig.defaults());
    private final Publisher publisher = TestPublisher.on(owner.eventLoop(), "rtmp");
    private int picture;

    private final List<EmbeddedChannel> channels = new java.util.ArrayList<>();

    /** What the stream and its feeds hold goes with them. */
    @org.junit.jupiter.api.AfterEach
    void end() {
        publisher.end();
        owner.advanceTimeBy(61, TimeUnit.SECONDS);
        owner.runScheduledPendingTasks();
        owner.runPendingTasks();
        for (EmbeddedChannel channel : channels) {
            channel.runPendingTasks();
            channel.finishAndReleaseAll();
        }
        owner.runPendingTasks();
    }

    /** {@code H} the header, {@code C} the configuration, {@code K} a key frame, {@code p} another picture, {@code a} sound. */
    private static final class Letters implements FeedEncoder {
        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void header(ByteBuf out) {
            out.writeByte('H');
        }

        @Override
        public void configuration(ByteBuf out) {
            out.writeByte('C');
        }

        @Override
        public void frame(MediaFrame frame, ByteBuf out) {
            out.writeByte(!frame.track().isVideo() ? 'a' : frame.randomAccessPoint() ? 'K' : 'p');
            out.writeBytes(
                    frame.payload(),
                    frame.payload().readerIndex(),
                    frame.payload().readableBytes());
        }

        @Override
        public void paused(ByteBuf out) {
            out.writeByte('.');
        }

        @Override
        public void ended(ByteBuf out) {
            out.writeByte('!');
        }
    }

    private EmbeddedChannel viewer(boolean soundAlone) {
        EmbeddedChannel channel = new EmbeddedChannel(new io.netty.channel.ChannelInboundHandlerAdapter());
        channels.add(channel);
        feeds.watch(
                publisher.stream(),
                new Feeds.Format("letters", soundAlone),
                Letters::new,
                Viewer.closing(channel.pipeline().firstContext(), null));
        settle(channel);
        return channel;
    }

    private void settle(EmbeddedChannel... viewers) {
        owner.runPendingTasks();
        for (EmbeddedChannel viewer : viewers) {
            viewer.runPendingTasks();
        }
    }

    private void picture(boolean key) {
        picture(key, "");
    }

    private void picture(boolean key, String more) {
        ByteBuf payload = Unpooled.copiedBuffer((picture % 10) + more, StandardCharsets.US_ASCII);
        publisher.frame(new MediaFrame(VIDEO, picture++ * 3_600L, 0, key, payload));
        payload.release();
    }

    private void sound() {
        ByteBuf payload = Unpooled.copiedBuffer("s", StandardCharsets.US_ASCII);
        publisher.frame(new MediaFrame(AUDIO, picture * 1_764L, 0, true, payload));
        payload.release();
    }

    private void begin() {
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        picture(true);
        sound();
    }

    private static String taken(EmbeddedChannel viewer) {
        viewer.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = viewer.readOutbound(); part != null; part = viewer.readOutbound()) {
            text.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return text.toString();
    }

    @Test
    void aNewcomerGetsHeaderConfigurationAndWhatCameSinceTheKeyFrame() {
        begin();
        picture(false);
        picture(true);
        picture(false);
        EmbeddedChannel viewer = viewer(false);
        assertThat(taken(viewer)).isEqualTo("HCK2p3");
        picture(false);
        sound();
        assertThat(taken(viewer)).isEqualTo("p4as");
    }

    @Test
    void aChangeOfTheSoundCostsNoPictureAndWhoJoinsBehindItSeesWhatTheOthersSaw() {
        begin();
        EmbeddedChannel viewer = viewer(false);
        assertThat(taken(viewer)).isEqualTo("HCK0as");
        Track mono = new Track(Track.AUDIO, new Mp3.Format(44_100, 1, true));
        publisher.track(mono);
        ByteBuf payload = Unpooled.copiedBuffer("m", StandardCharsets.US_ASCII);
        publisher.frame(new MediaFrame(mono, 1_764, 0, true, payload));
        payload.release();
        picture(false);
        assertThat(taken(viewer)).isEqualTo("Camp1");
        assertThat(taken(viewer(false))).isEqualTo("HCK0asCamp1");
        picture(true);
        assertThat(taken(viewer)).isEqualTo("K2");
        assertThat(taken(viewer(false))).isEqualTo("HCK2");
    }

    @Test
    void whoComesBeforeTheFirstFrameBeginsWithTheKeyFrame() {
        EmbeddedChannel viewer = viewer(false);
        assertThat(taken(viewer)).isEmpty();
        begin();
        assertThat(taken(viewer)).isEqualTo("HCK0as");
    }

    @Test
    void everyViewerGetsEveryFrameAlsoWhenTheyAreGathered() {
        begin();
        EmbeddedChannel[] viewers = new EmbeddedChannel[FlushClock.FEW + 5];
        for (int i = 0; i < viewers.length; i++) {
            viewers[i] = viewer(false);
        }
        for (EmbeddedChannel viewer : viewers) {
            taken(viewer);
        }
        picture(false);
        picture(false);
        assertThat(taken(viewers[0])).as("gathered").isEmpty();
        owner.advanceTimeBy(1, TimeUnit.SECONDS);
        owner.runScheduledPendingTasks();
        owner.runPendingTasks();
        for (EmbeddedChannel viewer : viewers) {
            assertThat(taken(viewer)).isEqualTo("p1p2");
        }
        assertThat(feeds.viewers()).isEqualTo(viewers.length);
        assertThat(feeds.size()).isEqualTo(1);
    }

    @Test
    void realtimeNeverGathers() {
        feeds = new Feeds(FanoutConfig.defaults().with(Latency.REALTIME));
        begin();
        EmbeddedChannel[] viewers = new EmbeddedChannel[FlushClock.FEW + 5];
        for (int i = 0; i < viewers.length; i++) {
            viewers[i] = viewer(false);
            taken(viewers[i]);
        }
        picture(false);
        assertThat(taken(viewers[3])).isEqualTo("p1");
    }

    @Test
    void soundAloneIsAFeedOfItsOwn() {
        begin();
        EmbeddedChannel viewer = viewer(true);
        sound();
        picture(false);
        assertThat(taken(viewer)).doesNotContain("K", "p").startsWith("HC").endsWith("as");
    }

    @Test
    void theLastOneSwitchesTheFeedOff() {
        begin();
        EmbeddedChannel one = viewer(false);
        EmbeddedChannel other = viewer(false);
        one.close();
        settle(one);
        assertThat(feeds.size()).isEqualTo(1);
        other.close();
        settle(other);
        assertThat(feeds.size()).isZero();
        assertThat(feeds.viewers()).isZero();
    }

    @Test
    void aViewerThatLeavesDoesNotDisturbTheOthers() {
        feeds = new Feeds(new FanoutConfig(
                Latency.REALTIME,
                Duration.ZERO,
                1 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Optional.empty()));
        begin();
        StuckSocket stuck = new StuckSocket();
        EmbeddedChannel slow = new EmbeddedChannel(stuck);
        channels.add(slow);
        feeds.watch(
                publisher.stream(),
                new Feeds.Format("letters", false),
                Letters::new,
                Viewer.closing(slow.pipeline().firstContext(), null));
        settle(slow);
        EmbeddedChannel quick = viewer(false);
        taken(quick);
        assertThat(feeds.tallies().viewers().of(FanoutTallies.Event.SKIPPED)).isZero();
        picture(false);
        assertThat(taken(quick)).isEqualTo("p1");
        slow.close();
        settle(slow);
        assertThat(feeds.viewers()).isEqualTo(1);
    }

    /** Takes everything and keeps nothing: an embedded channel has no send buffer that could fill. */
    private static final class StuckSocket extends io.netty.channel.ChannelOutboundHandlerAdapter {
        @Override
        public void write(
                io.netty.channel.ChannelHandlerContext ctx, Object message, io.netty.channel.ChannelPromise promise) {
            io.netty.util.ReferenceCountUtil.release(message);
        }
    }

    @Test
    void aPublisherThatLeavesIsSaidAndTheEndCloses() {
        begin();
        EmbeddedChannel viewer = viewer(false);
        taken(viewer);
        publisher.end();
        settle(viewer);
        assertThat(taken(viewer)).isEqualTo(".");
        owner.advanceTimeBy(61, TimeUnit.SECONDS);
        owner.runScheduledPendingTasks();
        settle(viewer);
        assertThat(taken(viewer)).isEqualTo("!");
        assertThat(viewer.isActive()).isFalse();
        assertThat(feeds.size()).isZero();
    }

    @Test
    void theGatheringGrowsWithTheViewersAndIsCapped() {
        FlushClock clock = new FlushClock(FanoutConfig.defaults());
        assertThat(clock.gatheringMillis(Latency.NORMAL)).isZero();
        for (int i = 0; i < 100; i++) {
            clock.viewerJoined();
        }
        assertThat(clock.gatheringMillis(Latency.NORMAL)).isEqualTo(20);
        assertThat(clock.gatheringMillis(Latency.LOW)).isEqualTo(20);
        assertThat(clock.gatheringMillis(Latency.REALTIME)).isZero();
        for (int i = 0; i < 900; i++) {
            clock.viewerJoined();
        }
        assertThat(clock.gatheringMillis(Latency.NORMAL)).isEqualTo(100);
        assertThat(clock.gatheringMillis(Latency.LOW)).isEqualTo(20);
    }
}
