// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private final List<MediaSegment> segments = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();
    private final Segmenter segmenter = segmenter(SegmenterConfig.defaults());

    private Segmenter segmenter(SegmenterConfig config) {
        return new Segmenter(
                config,
                1000,
                7,
                new SegmentListener() {
                    @Override
                    public void segment(MediaSegment segment, int targetDuration, List<Track> tracks) {
                        segments.add(segment);
                        targets.add(targetDuration);
                    }

                    @Override
                    public void ended() {}
                },
                () -> Instant.EPOCH,
                UnpooledByteBufAllocator.DEFAULT);
    }

    private long time;

    @AfterEach
    void release() {
        segmenter.paused(); // what is open becomes a segment
        segments.forEach(segment -> segment.content().release());
    }

    private void pictures(int count, int keyEvery) {
        for (int i = 0; i < count; i++) {
            segmenter.frame(new MediaFrame(
                    VIDEO,
                    time,
                    0,
                    i % keyEvery == 0,
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
    @CsvSource({"50, 2, 2.0", "25, 2, 2.0", "12, 2, 2.4", "75, 3, 3.0", "80, 10, 3.2", "51, 2, 2.04"})
    void segmentsEndAtKeyFramesWithinTheTarget(int keyEvery, int target, double length) {
        segmenter.tracks(List.of(VIDEO));
        pictures(30 * FPS, keyEvery);
        assertThat(targets).containsOnly(target);
        assertThat(seconds().subList(0, 5)).containsOnly(length);
        assertThat(segments).allMatch(MediaSegment::independent);
    }

    @Test
    void withoutASecondKeyFrameInThreeSecondsTheTargetIsTen() {
        segmenter.tracks(List.of(VIDEO));
        pictures(60 * FPS, 208);
        assertThat(targets).containsOnly(10);
        assertThat(seconds()).containsOnly(8.32);
    }

    @Test
    void aPictureGroupLongerThanTheTargetIsCutWithoutAKeyFrameAndCounted() {
        segmenter.tracks(List.of(VIDEO));
        pictures(4 * FPS, 50);
        pictures(10 * FPS, 1000);
        assertThat(targets).containsOnly(2);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(segments).anyMatch(segment -> !segment.independent());
    }

    @Test
    void aPictureThatStandsStillForTwentySecondsDoesNotStretchSegments() {
        segmenter.tracks(List.of(VIDEO, AUDIO));
        pictures(6 * FPS, 50);
        for (long i = 0; i < 44_100L * 20 / 1024; i++) {
            segmenter.frame(new MediaFrame(
                    AUDIO, 44_100L * 6 + i * 1024, 0, true, Unpooled.buffer().writeZero(8)));
        }
        time += 20 * 90_000;
        pictures(6 * FPS, 50);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(seconds().stream().mapToDouble(Double::doubleValue).sum()).isBetween(28.0, 32.0);
        assertThat(segments).noneMatch(MediaSegment::discontinuity);
    }

    @Test
    void aPauseOfEverythingIsADiscontinuityAndNotALongSegment() {
        segmenter.tracks(List.of(VIDEO));
        pictures(5 * FPS, 50);
        time += 7 * 90_000;
        pictures(6 * FPS, 50);
        assertThat(seconds()).allMatch(length -> Math.round(length) <= 2);
        assertThat(segments.stream().filter(MediaSegment::discontinuity)).hasSize(1);
        assertThat(seconds().stream().mapToDouble(Double::doubleValue).sum()).isLessThan(11.1);
    }

    @Test
    void aSegmentThatGrowsTooLargeIsCutWhereverItIs() {
        int limit = 50_000;
        Segmenter small = segmenter(new SegmenterConfig(2, 10, limit));
        small.tracks(List.of(VIDEO));
        for (int i = 0; i < 100; i++) {
            small.frame(new MediaFrame(
                    VIDEO,
                    i * 3_600L,
                    0,
                    i == 0,
                    Unpooled.buffer()
                            .writeInt(9_000)
                            .writeByte(i == 0 ? 0x65 : 0x41)
                            .writeZero(8_999)));
        }
        small.ended();
        assertThat(segments).hasSizeGreaterThan(10);
        assertThat(segments).allMatch(segment -> segment.content().readableBytes() < limit + 20_000);
    }

    @Test
    void soundAloneIsCutByTimeWithoutDrift() {
        segmenter.tracks(List.of(AUDIO));
        for (long i = 0; i < 44_100L * 60 / 1024; i++) {
            segmenter.frame(
                    new MediaFrame(AUDIO, i * 1024, 0, true, Unpooled.buffer().writeZero(100)));
        }
        assertThat(targets).containsOnly(2);
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
        assertThat(segments.stream().filter(MediaSegment::discontinuity)).hasSize(1);
        for (int i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i).mediaSequence()).isEqualTo(1000 + i);
        }
        assertThat(segments.getFirst().discontinuitySequence()).isEqualTo(7);
        assertThat(segments.getLast().discontinuitySequence()).isEqualTo(8);
        assertThat(targets).containsOnly(2);
    }

    @Test
    void continuityCountersRunOverAllSegments() {
        segmenter.tracks(List.of(VIDEO));
        pictures(20 * FPS, 50);
        TsReader reader = new TsReader();
        for (MediaSegment segment : segments) {
            List<TsReader.Packet> packets = reader.read(segment.content());
            assertThat(packets.get(0).pid()).isZero();
            assertThat(packets.get(1).pid()).isEqualTo(0x1000);
        }
    }

    @Test
    void programDateTimeAdvancesWithTheMedia() {
        segmenter.tracks(List.of(VIDEO));
        pictures(10 * FPS, 50);
        assertThat(segments.get(2).programDateTime()).isEqualTo(Instant.EPOCH.plusSeconds(4));
    }
}
