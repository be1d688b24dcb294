// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.time.Timescale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cut for all who want it: who hears what, who fails alone, and when nothing is cut. */
class SegmentedBroadcastTest {
    private static final long NOW = 1_700_000_000;
    private static final int PICTURE_MILLIS = 200;
    private static final int SOUND_MILLIS = 100;
    private static final int KEY_MILLIS = 2_000;

    /** Keeps all that it hears, like a recorder whose disk is slow. */
    private static class Collector implements SegmentListener {
        final List<List<SegmentedTrack>> tracks = new ArrayList<>();
        final List<Part> parts = new ArrayList<>();
        final List<TrackSegment> segments = new ArrayList<>();
        int ends;

        @Override
        public void tracks(List<SegmentedTrack> now) {
            tracks.add(now);
        }

        @Override
        public void part(SegmentedTrack track, Part part) {
            if (track.track().isVideo()) {
                parts.add(part);
            } else {
                part.content().release();
            }
        }

        @Override
        public void segment(SegmentedTrack track, TrackSegment segment) {
            if (track.track().isVideo()) {
                segments.add(segment);
            } else {
                segment.content().release();
            }
        }

        @Override
        public void ended() {
            ends++;
        }

        List<Long> numbers() {
            return segments.stream().map(TrackSegment::mediaSequence).toList();
        }

        byte[] parts(long number) {
            ByteBuf all = Unpooled.buffer();
            parts.stream()
                    .filter(part -> part.mediaSequence() == number)
                    .forEach(part -> all.writeBytes(
                            part.content(),
                            part.content().readerIndex(),
                            part.content().readableBytes()));
            return ByteBufUtil.getBytes(all);
        }

        void release() {
            parts.forEach(part -> part.content().release());
            segments.forEach(segment -> segment.content().release());
            parts.clear();
            segments.clear();
        }
    }

    @TempDir
    private Path directory;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Collector first = new Collector();
    private final Collector second = new Collector();
    private SequenceNumbers numbers;
    private SegmentedBroadcasts all;
    private StreamRegistry registry;
    private Publisher publisher;
    private LiveStream live;
    private SegmentedBroadcast broadcast;
    private long millis;

    @BeforeEach
    void begin() {
        numbers = new SequenceNumbers(directory.resolve("numbers"), () -> Instant.ofEpochSecond(NOW), Runnable::run);
        all = new SegmentedBroadcasts(SegmenterConfig.defaults(), numbers);
        registry = new StreamRegistry(HubConfig.defaults(), List.of(all), () -> Instant.ofEpochSecond(NOW));
        publish("anna", BroadcastIdentity.fresh());
    }

    private void publish(String channel, BroadcastIdentity identity) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        var result = registry.publish(new PublishRequest(
                        StreamPath.live(channel), info, loop.eventLoop(), _ -> {}, Latency.NORMAL, identity))
                .toCompletableFuture();
        loop.runPendingTasks();
        publisher = ((PublishResult.Accepted) result.join()).publisher();
        live = publisher.stream();
        broadcast = all.of(live);
        publisher.track(SampleTracks.VIDEO);
        publisher.track(SampleTracks.AUDIO);
        play(10); // the hub knows how long segments are
        assertThat(live.targetSeconds()).isEqualTo(2);
    }

    @AfterEach
    void end() {
        registry.close();
        loop.runPendingTasks();
        first.release();
        second.release();
    }

    private void play(double seconds) {
        long end = millis + Math.round(seconds * 1_000);
        for (; millis < end; millis += SOUND_MILLIS) {
            if (millis % PICTURE_MILLIS == 0) {
                frame(SampleTracks.VIDEO, millis % KEY_MILLIS == 0);
            }
            frame(SampleTracks.AUDIO, true);
        }
        loop.runPendingTasks();
    }

    private void frame(Track track, boolean key) {
        ByteBuf payload = Unpooled.buffer()
                .writeInt(10)
                .writeByte(key ? 0x65 : 0x41)
                .writeByte(0)
                .writeLong(millis);
        long time = Timescale.convert(millis, Timescale.MILLIS, track.timescale());
        publisher.frame(new MediaFrame(track, time, 0, key, payload));
        payload.release();
    }

    private void leave(SegmentListener listener) {
        broadcast.leave(listener);
        loop.runPendingTasks();
    }

    @Test
    void nothingIsCutForNobody() {
        assertThat(broadcast.listeners()).isZero();
        assertThat(broadcast.nextMediaSequence()).isZero();
        assertThat(broadcast.frames()).isZero();
        assertThat(numbers.next(FirstNumbers.LEAST)).isEqualTo(new FirstNumbers(NOW, 1));
    }

    @Test
    void whoeverAsksFindsTheSame() {
        assertThat(all.of(live)).isSameAs(broadcast);
        assertThat(all.size()).isOne();
        registry.close();
        loop.runPendingTasks();
        assertThat(all.size()).isZero();
        assertThat(all.of(live)).isNotNull();
        assertThat(all.size()).as("nothing is kept of what is over").isZero();
    }

    @Test
    void twoListenersGetTheSameSegmentsUnderTheSameNumbers() {
        broadcast.subscribe(first);
        play(4);
        assertThat(first.numbers()).containsExactly(NOW, NOW + 1);
        play(1);
        broadcast.subscribe(second); // in the middle of a segment
        assertThat(second.tracks).containsExactly(first.tracks.getLast());
        long open = second.parts.getFirst().mediaSequence();
        assertThat(second.parts.getFirst().index()).isZero();
        play(5);
        assertThat(broadcast.listeners()).isEqualTo(2);
        assertThat(second.numbers())
                .hasSize(2)
                .isEqualTo(first.numbers().stream()
                        .filter(number -> number >= open)
                        .toList());
        int before = first.segments.size() - second.segments.size();
        for (int i = 0; i < second.segments.size(); i++) {
            TrackSegment there = first.segments.get(before + i);
            TrackSegment here = second.segments.get(i);
            assertThat(here.discontinuitySequence()).isEqualTo(there.discontinuitySequence());
            assertThat(here.programDateTime()).isEqualTo(there.programDateTime());
            assertThat(here.content()).isEqualTo(there.content());
            assertThat(here.content().refCnt()).as("nothing is copied").isEqualTo(2);
            assertThat(second.parts(here.mediaSequence()))
                    .as("its parts")
                    .isEqualTo(ByteBufUtil.getBytes(here.content()));
        }
        assertThat(broadcast.duration(open)).hasValue(second.segments.getFirst().duration());
    }

    /** Each listener moves in the bytes as it likes. */
    @Test
    void whatOneListenerReadsTheOthersStillFind() {
        broadcast.subscribe(first);
        broadcast.subscribe(second);
        play(6);
        first.segments.forEach(
                segment -> segment.content().skipBytes(segment.content().readableBytes()));
        assertThat(second.segments)
                .isNotEmpty()
                .allMatch(segment -> segment.content().isReadable());
    }

    @Test
    void aListenerThatFailsIsEndedAndTheOthersGoOn() {
        Collector bad = new Collector() {
            @Override
            public void part(SegmentedTrack track, Part part) {
                super.part(track, part);
                if (!segments.isEmpty()) {
                    throw new IllegalStateException("a listener fails");
                }
            }
        };
        broadcast.subscribe(first);
        broadcast.subscribe(bad);
        broadcast.subscribe(second);
        play(10);
        assertThat(bad.ends).isOne();
        assertThat(bad.segments).hasSize(1);
        assertThat(broadcast.listeners()).isEqualTo(2);
        assertThat(first.ends + second.ends).isZero();
        assertThat(first.numbers()).hasSizeGreaterThan(3).isEqualTo(second.numbers());
        bad.release();
    }

    @Test
    void whenTheOnlyOneFailsNothingIsCut() {
        Collector bad = new Collector() {
            @Override
            public void tracks(List<SegmentedTrack> now) {
                throw new IllegalStateException("a listener fails at once");
            }
        };
        broadcast.subscribe(bad);
        play(4);
        assertThat(bad.ends).isOne();
        assertThat(bad.parts).isEmpty();
        assertThat(broadcast.listeners()).isZero();
        assertThat(broadcast.frames()).isZero();
        broadcast.subscribe(first);
        play(4);
        assertThat(first.segments).isNotEmpty();
    }

    @Test
    void aSlowListenerHoldsItsBytesAndNobodyWaits() {
        broadcast.subscribe(first);
        broadcast.subscribe(second);
        play(6);
        List<byte[]> heard = second.segments.stream()
                .map(segment -> ByteBufUtil.getBytes(segment.content()))
                .toList();
        second.release(); // as fast as it comes
        registry.close();
        loop.runPendingTasks();
        second.release();
        assertThat(first.ends).isOne();
        assertThat(heard).hasSizeGreaterThan(2);
        for (int i = 0; i < heard.size(); i++) {
            ByteBuf held = first.segments.get(i).content();
            assertThat(ByteBufUtil.getBytes(held)).isEqualTo(heard.get(i));
            assertThat(held.refCnt()).as("nobody else has it").isOne();
        }
        List<ByteBuf> held = first.segments.stream().map(TrackSegment::content).toList();
        first.release();
        assertThat(held).allMatch(content -> content.refCnt() == 0);
    }

    @Test
    void whoLeavesAndComesBackFindsNumbersThatGrew() {
        broadcast.subscribe(first);
        play(5);
        String initialization = first.tracks.getLast().getFirst().initializationName();
        leave(first);
        assertThat(broadcast.listeners()).isZero();
        int heard = first.parts.size();
        play(6);
        assertThat(first.parts).as("it hears no more").hasSize(heard);
        assertThat(first.ends).as("the broadcast goes on").isZero();
        broadcast.subscribe(second);
        play(6);
        assertThat(second.numbers().getFirst())
                .as("above that of the segment that never ended")
                .isGreaterThan(first.parts.getLast().mediaSequence());
        assertThat(second.numbers()).isSorted().doesNotHaveDuplicates();
        assertThat(second.segments.getFirst().discontinuitySequence())
                .isGreaterThan(first.segments.getLast().discontinuitySequence());
        assertThat(second.segments.getFirst().discontinuity()).isFalse();
        assertThat(second.tracks.getLast().getFirst().initializationName())
                .as("of another cut")
                .isNotEqualTo(initialization);
    }

    @Test
    void whileOneStaysTheCutGoesOn() {
        broadcast.subscribe(first);
        broadcast.subscribe(second);
        play(3);
        leave(second);
        play(6);
        assertThat(broadcast.listeners()).isOne();
        assertThat(first.numbers()).containsExactly(NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 4);
        leave(first);
        leave(first);
        assertThat(broadcast.listeners()).isZero();
    }

    @Test
    void aBreakIsABreakForAll() {
        broadcast.subscribe(first);
        broadcast.subscribe(second);
        play(5);
        broadcast.endRun();
        play(6);
        assertThat(first.segments).filteredOn(TrackSegment::discontinuity).hasSize(1);
        assertThat(second.segments).filteredOn(TrackSegment::discontinuity).hasSize(1);
        assertThat(first.segments.getLast().discontinuitySequence()).isEqualTo(2);
    }

    @Test
    void aBroadcastThatWasCutElsewhereGoesOnAboveItsNumbers() {
        publish("bert", new BroadcastIdentity(new UUID(0, 7), NOW + 5_000, 250));
        broadcast.subscribe(first);
        play(4);
        assertThat(first.numbers())
                .first()
                .as("one number is left for what lies before")
                .isEqualTo(NOW + 5_001);
        assertThat(first.segments.getFirst().discontinuitySequence()).isEqualTo(250);
        assertThat(new SequenceNumbers(directory.resolve("numbers"), () -> Instant.EPOCH, Runnable::run)
                        .next(FirstNumbers.LEAST)
                        .discontinuity())
                .as("in the next process")
                .isGreaterThan(250);
    }

    @Test
    void theEndIsToldOnceAndToWhoeverComesAfterIt() {
        broadcast.subscribe(first);
        play(3);
        registry.close();
        loop.runPendingTasks();
        assertThat(first.ends).isOne();
        assertThat(first.segments).hasSize(3);
        assertThat(broadcast.listeners()).isZero();
        assertThat(broadcast.duration(first.numbers().getFirst())).isPresent();
        broadcast.subscribe(second);
        assertThat(second.ends).isOne();
        assertThat(second.tracks).isEmpty();
    }
}
