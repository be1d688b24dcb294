// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rung of a ladder beside its stream's publisher. */
@ExtendWith(LeakExtension.class)
class RenditionTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;

    /** Where a first rung finds its place. */
    private static final int RUNG = Track.video(Track.MAX_OF_KIND - 1);

    /** Makes of each picture of the stream one of its own, as a transcoder does. */
    private final class Rung implements Subscriber {
        private final Rendition to;
        private final Track own;

        Rung(LiveStream stream, int id) {
            this.to = stream.contribute();
            this.own = new Track(id, VIDEO.format());
            stream.subscribe(this);
        }

        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void frame(MediaFrame frame) {
            if (frame.track().id() != Track.VIDEO) {
                return;
            }
            ByteBuf small = Unpooled.buffer().writeByte(1);
            MediaFrame made = new MediaFrame(own, frame.decodeTime(), 0, frame.randomAccessPoint(), small);
            stream.onOwner(() -> {
                to.frame(made);
                made.release();
            });
        }

        @Override
        public void paused() {}

        @Override
        public void ended() {
            to.end();
        }
    }

    private final List<String> heard = new ArrayList<>();

    private final Subscriber listener = new Subscriber() {
        @Override
        public void tracks(List<Track> tracks) {
            heard.add("tracks " + tracks.stream().map(Track::id).toList());
        }

        @Override
        public void frame(MediaFrame frame) {
            heard.add(frame.track().id() + " " + frame.decodeTime() / 90);
        }

        @Override
        public void paused() {
            heard.add("paused");
        }

        @Override
        public void ended() {
            heard.add("ended");
        }
    };

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
    private Publisher publisher;
    private LiveStream stream;

    @BeforeEach
    void begin() {
        publisher = publish();
        stream = publisher.stream();
        stream.subscribe(listener);
    }

    @AfterEach
    void end() {
        registry.close();
        loop.runPendingTasks();
        loop.finishAndReleaseAll();
    }

    private Publisher publish() {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(),
                new PublisherOrigin.Key("key"),
                new InetSocketAddress("192.0.2.1", 1),
                "test",
                "rtmp",
                Instant.EPOCH);
        var result = registry.publish(
                        new PublishRequest(StreamPath.live("anna"), info, loop.eventLoop(), _ -> {}, Latency.NORMAL))
                .toCompletableFuture();
        loop.runPendingTasks();
        return ((PublishResult.Accepted) result.join()).publisher();
    }

    private void picture(long millis) {
        send(VIDEO, millis * 90, millis % 1_000 == 0);
    }

    private void send(Track track, long time, boolean key) {
        ByteBuf payload = Unpooled.buffer().writeZero(8);
        publisher.frame(new MediaFrame(track, time, 0, key, payload));
        payload.release();
        loop.runPendingTasks();
    }

    /** Sound and pictures, until the stream is on. */
    private void run(long fromMillis, long toMillis) {
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        for (long millis = fromMillis; millis < toMillis; millis += 100) {
            picture(millis);
            send(AUDIO, millis * 44_100 / 1_000, true);
        }
    }

    private List<String> ofTrack(int id) {
        return heard.stream()
                .filter(each -> each.startsWith(id + " "))
                .map(each -> each.substring(each.indexOf(' ') + 1))
                .toList();
    }

    @Test
    void itsTracksJoinTheStreamAtTheSameDecodeTimes() {
        run(0, 3_000);
        Rung rung = new Rung(stream, 0);
        run(3_000, 5_000);
        assertThat(heard).contains("tracks [0, 1, " + RUNG + "]");
        assertThat(ofTrack(RUNG)).isNotEmpty();
        List<String> pictures = ofTrack(Track.VIDEO);
        assertThat(ofTrack(RUNG))
                .isEqualTo(pictures.subList(pictures.size() - ofTrack(RUNG).size(), pictures.size()));
        assertThat(stream.tracks()).extracting(Track::id).containsExactly(0, 1, RUNG);
        assertThat(stream.tracks().getLast().isDefault()).isFalse();
        rung.to.end();
    }

    @Test
    void itsEndTakesItsTracksAwayAndNotTheStream() {
        run(0, 3_000);
        Rung one = new Rung(stream, 0);
        Rung two = new Rung(stream, 0);
        run(3_000, 5_000);
        assertThat(stream.tracks()).extracting(Track::id).containsExactly(0, 1, RUNG - 2, RUNG);
        heard.clear();
        one.to.end();
        one.to.end();
        assertThat(heard).containsExactly("tracks [0, 1, " + (RUNG - 2) + "]");
        run(5_000, 6_000);
        assertThat(ofTrack(RUNG)).isEmpty();
        assertThat(ofTrack(RUNG - 2)).isNotEmpty();
        two.to.end();
        assertThat(stream.state()).isEqualTo(StreamState.LIVE);
        assertThat(stream.tracks()).containsExactly(VIDEO, AUDIO);
    }

    @Test
    void aPublisherWhoReturnsIsFollowedFromItsNextKeyFrameOn() {
        run(0, 3_000);
        Rung rung = new Rung(stream, 0);
        run(3_000, 5_000);
        publisher.end();
        assertThat(heard).endsWith("paused");
        heard.clear();
        publisher = publish();
        run(10_000, 12_000);
        assertThat(heard.getFirst()).isEqualTo("tracks [0, 1]");
        assertThat(heard).contains("tracks [0, 1, " + RUNG + "]");
        assertThat(ofTrack(RUNG)).isNotEmpty().isSubsetOf(ofTrack(Track.VIDEO));
        rung.to.end();
    }

    @Test
    void whatThePublisherBringsHimselfGoesBefore() {
        run(0, 3_000);
        Rung rung = new Rung(stream, 0);
        run(3_000, 4_000);
        assertThat(ofTrack(RUNG)).isNotEmpty();
        heard.clear();
        Track own = new Track(RUNG, VIDEO.format());
        publisher.track(own);
        send(own, 4_000 * 90, true);
        run(4_000, 5_000);
        assertThat(ofTrack(RUNG)).as("the publisher's").hasSize(1);
        assertThat(ofTrack(RUNG - 2)).as("the rung found another place").isNotEmpty();
        rung.to.end();
    }

    @Test
    void itDoesNotBeginAStreamNorOutliveIt() {
        Rung rung = new Rung(stream, 0);
        ByteBuf payload = Unpooled.buffer().writeZero(8);
        rung.to.frame(new MediaFrame(VIDEO, 0, 0, true, payload));
        assertThat(heard).isEmpty();
        run(0, 3_000);
        registry.end(stream.path());
        loop.runPendingTasks();
        heard.clear();
        rung.to.frame(new MediaFrame(VIDEO, 9_000_000, 0, true, payload));
        assertThat(heard).isEmpty();
        payload.release();
        assertThat(payload.refCnt()).isZero();
    }

    @Test
    void timesThatDoNotGrowAreLeftOut() {
        run(0, 3_000);
        Rendition rung = stream.contribute();
        heard.clear();
        for (long millis : new long[] {2_900, 2_900, 2_800, 2_950}) {
            ByteBuf payload = Unpooled.buffer().writeZero(8);
            rung.frame(new MediaFrame(VIDEO, millis * 90, 0, true, payload));
            payload.release();
        }
        assertThat(ofTrack(RUNG)).containsExactly("2900", "2950");
        rung.end();
    }

    @Test
    void thereAreNoMoreThanTheStreamHasPlacesFor() {
        run(0, 3_000);
        List<Rung> rungs =
                IntStream.range(0, 9).mapToObj(_ -> new Rung(stream, 0)).toList();
        run(3_000, 5_000);
        assertThat(stream.tracks()).filteredOn(Track::isVideo).hasSizeLessThanOrEqualTo(Track.MAX_OF_KIND);
        rungs.forEach(rung -> rung.to.end());
        assertThat(stream.tracks()).containsExactly(VIDEO, AUDIO);
    }
}
