// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.container.mpegts.TsReader;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where segments end (contracts: target duration; RFC 8216 §4.3.3.1, §6.2.1). */
class SegmenterTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;
    private static final int FPS = 25;

    private final List<TrackSegment> segments = new ArrayList<>();
    private final List<TrackSegment> sound = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private Segmenter segmenter = segmenter(SegmenterConfig.defaults(), 2);

    private Segmenter segmenter(SegmenterConfig config, int target) {
        return segmenter(config, target, () -> {});
    }

    private Segmenter segmenter(SegmenterConfig config, int target, Runnable onPart) {
        return new Segmenter(
                config,
                () -> target,
                1000,
                7,
                new SegmentListener() {
                    @Override
                    public void tracks(List<SegmentedTrack> tracks) {}

                    @Override
                    public void part(SegmentedTrack track, Part part) {
                        if (track.track().isVideo()) {
                            parts.add(part);
                        }
                        part.content().release();
                        onPart.run();
                    }

                    @Override
                    public void segment(SegmentedTrack track, TrackSegment segment) {
                        (track.track().id() == Track.AUDIO && hasVideo ? sound : segments).add(segment);
                    }

                    @Override
                    public void ended() {}
                },
                millis -> Instant.EPOCH.plusMillis(millis),
                UnpooledByteBufAllocator.DEFAULT);
    }

    /** Whoever listens and fails must not cost memory that nobody gives back. */
    @Test
    void aListenerThatFailsCostsNoMemory() {
        segmenter = segmenter(SegmenterConfig.defaults(), 2, () -> {
            throw new IllegalStateException("a listener fails");
        });
        segmenter.tracks(List.of(VIDEO));
        List<ByteBuf> payloads = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        payloads.add(Unpooled.buffer().writeInt(1).writeByte(0x65));
                        segmenter.frame(new MediaFrame(VIDEO, i * 3_600L, 0, i == 0, payloads.getLast()));
                    }
                })
                .isInstanceOf(IllegalStateException.class);
        segmenter.release();
        payloads.forEach(ByteBuf::release);
        assertThat(payloads).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }

    private boolean hasVideo = true;
    private long time;

    @AfterEach
    void release() {
        segmenter.paused(); // what is open becomes a segment
        segmenter.release();
        segments.forEach(segment -> segment.content().release());
        sound.forEach(segment -> segment.content().release());
    }

    private void pictures(int count, int keyEvery) {
        for (int i = 0; i < count; i++) {
            segmenter.frame(new MediaFrame(
                    VIDEO,
                    time,
                    0,
                    i % keyEvery == 0 && keyEvery < 1_000_000,
                    Unpooled.buffer()
                            .writeInt(50)
                            .writeByte(i % keyEvery == 0 ? 0x65 : 0x41)
                            .writeZero(49)));
            time += 90_000 / FPS;
        }
    }

    private List<Double> seconds() {
        return segments.stream().map(segment -> segment.duration() / 90_000.0).toList();
    }

    @ParameterizedTest(name = "a key frame every {0} frames: target {1} s, segments of {2} s")
    @CsvSource({"50, 2, 2.0", "25, 2, 2.0", "12, 2, 2.4", "75, 3, 3.0", "80, 10, 3.2", "51, 2, 2.04", "208, 10, 8.32"})
    void segmentsEndAtKeyFramesWithinTheTarget(int keyEvery, int target, double length) {
        segmenter = segmenter(SegmenterConfig.defaults(), target);
        segmenter.tracks(List.of(VIDEO));
        pictures(60 * FPS, keyEvery);
        assertThat(seconds().subList(0, 5)).containsOnly(length);
        assertThat(segments).allMatch(TrackSegment::independent);
    }

    @Test
    void aPictureGroupLongerThanTheTargetIsCutWithoutAKeyFrameAndCounted() {
        segmenter.tracks(List.of(VIDEO));
        pictures(4 * FPS, 50);
        pictures(10 * FPS, 1000);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(segments).anyMatch(segment -> !segment.independent());
        assertThat(segments).anyMatch(TrackSegment::forcedCut);
    }

    @Test
    void soundThatGoesOnWhileThePictureStandsStillMakesNoLongSegment() {
        segmenter.tracks(List.of(VIDEO, AUDIO));
        pictures(6 * FPS, 50);
        for (long i = 0; i < 44_100L * 20 / 1024; i++) {
            segmenter.frame(new MediaFrame(
                    AUDIO, 44_100L * 6 + i * 1024, 0, true, Unpooled.buffer().writeZero(8)));
        }
        time += 20 * 90_000;
        pictures(6 * FPS, 50);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(sound).allMatch(segment -> Math.round(segment.duration() / 90_000.0) <= 2);
    }

    @Test
    void aPauseOfEverythingIsADiscontinuityAndNotALongSegment() {
        segmenter.tracks(List.of(VIDEO));
        pictures(5 * FPS, 50);
        time += 7 * 90_000;
        pictures(6 * FPS, 50);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(segments.stream().filter(TrackSegment::discontinuity)).hasSize(1);
        assertThat(seconds().stream().mapToDouble(Double::doubleValue).sum()).isLessThan(11.1);
    }

    @Test
    void aSegmentThatGrowsTooLargeIsCutWhereverItIs() {
        int limit = 1 << 20;
        Segmenter small = segmenter(new SegmenterConfig(Duration.ofMillis(300), limit), 10);
        small.tracks(List.of(VIDEO));
        for (int i = 0; i < 100; i++) {
            small.frame(new MediaFrame(
                    VIDEO,
                    i * 3_600L,
                    0,
                    i == 0,
                    Unpooled.buffer()
                            .writeInt(90_000)
                            .writeByte(i == 0 ? 0x65 : 0x41)
                            .writeZero(89_999)));
        }
        small.ended();
        assertThat(segments).hasSizeGreaterThan(5);
        assertThat(segments).allMatch(segment -> segment.content().readableBytes() < limit + 200_000);
    }

    @Test
    void soundAloneIsCutByTimeWithoutDrift() {
        hasVideo = false;
        segmenter.tracks(List.of(AUDIO));
        for (long i = 0; i < 44_100L * 60 / 1024; i++) {
            segmenter.frame(
                    new MediaFrame(AUDIO, i * 1024, 0, true, Unpooled.buffer().writeZero(100)));
        }
        double total = seconds().stream().mapToDouble(Double::doubleValue).sum();
        long frames = Math.round(total * 44_100 / 1024);
        assertThat(total).isCloseTo(frames * 1024 / 44_100.0, org.assertj.core.data.Offset.offset(0.0001));
    }

    @Test
    void nothingComesBeforeTheFirstKeyFrame() {
        segmenter.tracks(List.of(VIDEO));
        for (int i = 0; i < 20; i++) {
            segmenter.frame(
                    new MediaFrame(VIDEO, i * 3600L, 0, false, Unpooled.buffer().writeZero(10)));
        }
        time = 20 * 3600;
        pictures(101, 50);
        assertThat(segments.getFirst().independent()).isTrue();
        assertThat(seconds()).containsOnly(2.0);
    }

    @Test
    void aPublisherThatComesBackCostsOneDiscontinuityAndNumbersGoOn() {
        segmenter.tracks(List.of(VIDEO));
        pictures(5 * FPS, 50);
        segmenter.paused();
        segmenter.tracks(List.of(VIDEO));
        time += 500_000;
        pictures(5 * FPS, 50);
        segmenter.ended();
        assertThat(segments.stream().filter(TrackSegment::discontinuity)).hasSize(1);
        for (int i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i).mediaSequence()).isEqualTo(1000 + i);
        }
        assertThat(segments.getFirst().discontinuitySequence()).isEqualTo(7);
        assertThat(segments.getLast().discontinuitySequence()).isEqualTo(8);
    }

    @Test
    void aTransportStreamOfTheSameCutHasRunningContinuityCounters() {
        segmenter.tracks(List.of(VIDEO));
        pictures(20 * FPS, 50);
        TsReader reader = new TsReader();
        TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
        muxer.tracks(List.of(VIDEO));
        for (TrackSegment segment : segments) {
            ByteBuf out = Unpooled.buffer();
            muxer.startSegment(false, out);
            segment.frames(frame -> muxer.write(frame, out));
            List<TsReader.Packet> packets = reader.read(out);
            assertThat(packets.get(0).pid()).isZero();
            assertThat(packets.get(1).pid()).isEqualTo(0x1000);
        }
    }

    @Test
    void partsAreNeverLongerThanTheirTargetAndAddUpToTheirSegment() {
        segmenter.tracks(List.of(VIDEO));
        pictures(10 * FPS, 50);
        assertThat(parts).allMatch(part -> part.duration() <= 27_000);
        for (TrackSegment segment : segments) {
            List<Part> own = parts.stream()
                    .filter(part -> part.mediaSequence() == segment.mediaSequence())
                    .toList();
            assertThat(own.stream().mapToLong(Part::duration).sum()).isEqualTo(segment.duration());
            assertThat(own.getFirst().independent()).isTrue();
            for (int i = 0; i < own.size(); i++) {
                assertThat(own.get(i).index()).isEqualTo(i);
                // rfc8216bis §4.4.4.9: all but the last have 85 % of the part target at least
                assertThat(i == own.size() - 1 || own.get(i).duration() >= 0.85 * 27_000)
                        .isTrue();
            }
        }
    }

    @Test
    void everyAccessUnitCanBeFoundInItsSegment() {
        segmenter.tracks(List.of(VIDEO));
        pictures(4 * FPS + 1, 50);
        List<Long> times = new ArrayList<>();
        segments.forEach(segment -> segment.frames(frame -> {
            assertThat(frame.payload().getInt(frame.payload().readerIndex())).isEqualTo(50);
            assertThat(frame.payload().readableBytes()).isEqualTo(54);
            times.add(frame.decodeTime());
        }));
        assertThat(times).hasSize(4 * FPS).isSorted();
        assertThat(times.getLast()).isEqualTo((4 * FPS - 1) * 3_600L);
    }

    @Test
    void soundIsCutAtTheSameTimesUnderTheSameNumbers() {
        segmenter.tracks(List.of(VIDEO, AUDIO));
        long samples = 0;
        for (int i = 0; i < 10 * FPS; i++) {
            pictures(1, i % 50 == 0 ? 1 : 1_000_000);
            for (; samples * 90_000 / 44_100 < time; samples += 1_024) {
                segmenter.frame(new MediaFrame(
                        AUDIO, samples, 0, true, Unpooled.buffer().writeZero(8)));
            }
        }
        assertThat(sound).hasSizeGreaterThanOrEqualTo(3);
        for (int i = 0; i < sound.size(); i++) {
            TrackSegment picture = segments.get(i);
            assertThat(sound.get(i).mediaSequence()).isEqualTo(picture.mediaSequence());
            assertThat(Duration.between(picture.programDateTime(), sound.get(i).programDateTime())
                            .toMillis())
                    .isBetween(0L, 25L);
        }
    }

    @ParameterizedTest(name = "asked for after {0} of {1} pictures")
    @CsvSource({"1, 50", "20, 50", "49, 50", "20, 25", "20, 12"})
    void aFirstViewerWaitsForTheNextKeyFrameAndNeverGetsHalfAGroup(int asked, int keyEvery) {
        segmenter.tracks(List.of(VIDEO));
        for (int i = 0; i < 8 * FPS; i++) {
            if (i == asked) {
                segmenter.cutSoon();
            }
            if (i == (asked / keyEvery + 1) * keyEvery + 1) {
                assertThat(segments).hasSize(1);
            }
            pictures(1, i % keyEvery == 0 ? 1 : 1_000_000);
        }
        assertThat(segments).hasSizeGreaterThan(2).allMatch(TrackSegment::independent);
        assertThat(segments).noneMatch(TrackSegment::forcedCut);
    }

    @Test
    void programDateTimeAdvancesWithTheMedia() {
        segmenter.tracks(List.of(VIDEO));
        pictures(10 * FPS, 50);
        assertThat(segments.get(2).programDateTime()).isEqualTo(Instant.EPOCH.plusSeconds(4));
    }
}
