// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is copied is what was there, from one random access point to another, and nothing is left of a copy that failed. */
class RangeCopyTest {
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");
    private static final String SOURCE = "AAAAAAAAAAA";
    private static final String COPY = "BBBBBBBBBBB";
    private static final String FOLDER = "2026-12/" + COPY;

    /** Every third begins with a random access point. */
    private static final int SEGMENTS = 12;

    private static final int SPANS = 4;
    private static final int SEGMENT_MILLIS = 2_000;

    @TempDir
    private Path store;

    private final Random random = new Random(20_261_127);

    private static RecordedTrack track(String name, int format, int head) {
        byte[] initialization = new byte[head];
        Arrays.fill(initialization, (byte) name.charAt(0));
        return new RecordedTrack(
                name,
                format,
                "any",
                90_000,
                0,
                0,
                Unpooled.wrappedBuffer(initialization).asReadOnly());
    }

    /** Of two tracks, a discontinuity before the third of four spans, with a gap where it is. */
    private Recording source() throws IOException {
        List<RecordedTrack> tracks = List.of(track("v0", 0, 100), track("v0", 1, 140), track("a0", 0, 60));
        List<RecordedSpan> spans = new ArrayList<>();
        for (String name : List.of("v0", "a0")) {
            for (int ordinal = 0; ordinal < SPANS; ordinal++) {
                int format = name.equals("v0") && ordinal >= 2 ? 1 : 0;
                spans.add(span(name, ordinal, tracks.get(name.equals("a0") ? 2 : format)));
            }
        }
        return new Recording(
                SOURCE,
                "2026-11/" + SOURCE,
                UUID.randomUUID(),
                "live/anna",
                START,
                Optional.of(START.plusSeconds(200)),
                tracks,
                spans,
                List.of(new RecordingGap(2L * SEGMENTS * SEGMENT_MILLIS, 40_000, RecordingGap.Cause.ENCODER)));
    }

    private RecordedSpan span(String name, int ordinal, RecordedTrack track) throws IOException {
        int head = track.initialization().readableBytes();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        track.initialization().duplicate().readBytes(file, head);
        List<RecordedSegment> segments = new ArrayList<>();
        for (int at = 0; at < SEGMENTS; at++) {
            byte[] bytes = new byte[50 + random.nextInt(500)];
            random.nextBytes(bytes);
            int number = ordinal * SEGMENTS + at;
            segments.add(new RecordedSegment(
                    1_000 + number,
                    file.size(),
                    bytes.length,
                    SEGMENT_MILLIS * 90L,
                    name.equals("a0") || number % 3 == 0,
                    START.plusMillis(number * 2_000L + (ordinal >= 2 ? 40_000 : 0))));
            file.write(bytes);
        }
        write(name, ordinal, file.toByteArray());
        return new RecordedSpan(
                name,
                ordinal,
                track.format(),
                ordinal == 2,
                (long) ordinal * SEGMENTS * SEGMENT_MILLIS,
                7_000L + (long) ordinal * SEGMENTS * SEGMENT_MILLIS * 90,
                file.size(),
                SegmentTable.of(segments),
                true);
    }

    private void write(String name, int ordinal, byte[] bytes) throws IOException {
        Path path = store.resolve(Recording.object("2026-11/" + SOURCE, name, ordinal));
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    /** All segments of a track, as they are in files, one behind the other, and what comes before them in each. */
    private List<String> segments(Recording recording, String track, long from, long to) throws IOException {
        List<String> all = new ArrayList<>();
        for (RecordedSpan span : recording.spans(track)) {
            byte[] file = Files.readAllBytes(store.resolve(recording.object(span)));
            for (RecordedSegment each : span.segments().segments()) {
                if (each.sequence() >= from && each.sequence() < to) {
                    byte[] bytes = Arrays.copyOfRange(file, (int) each.offset(), (int) each.offset() + each.bytes());
                    all.add(each.sequence() + " " + each.duration() + " " + each.independent() + " "
                            + each.programDateTime() + " " + Arrays.toString(bytes));
                }
            }
        }
        return all;
    }

    @Test
    void aCopyHasTheSegmentsOfTheRangeByteForByte() throws IOException {
        Recording source = source();
        RangeCopy copying = new RangeCopy(store);
        for (int round = 0; round < 50; round++) {
            long start = random.nextInt(SPANS * SEGMENTS * SEGMENT_MILLIS);
            long end = start + 1 + random.nextInt(SPANS * SEGMENTS * SEGMENT_MILLIS);
            Recording copy = copying.copy(source, start, end, COPY, FOLDER);
            String when = "seed 20261127, " + start + " to " + end;
            SegmentRange range = SegmentRange.between(source, start, end);
            for (String track : List.of("v0", "a0")) {
                assertThat(segments(copy, track, 0, Long.MAX_VALUE))
                        .as(when)
                        .isNotEmpty()
                        .isEqualTo(segments(source, track, range.from(), range.to()));
                for (RecordedSpan span : copy.spans(track)) {
                    byte[] file = Files.readAllBytes(store.resolve(copy.object(span)));
                    RecordedTrack said = copy.tracks().stream()
                            .filter(one -> one.name().equals(track) && one.format() == span.format())
                            .findFirst()
                            .orElseThrow();
                    byte[] head = new byte[said.initialization().readableBytes()];
                    said.initialization().duplicate().readBytes(head);
                    assertThat(file).as(when).startsWith(head).hasSize((int) span.bytes());
                    assertThat(span.segments().segments().getFirst().offset()).isEqualTo(head.length);
                    assertThat(span.closed()).isTrue();
                }
            }
            assertThat(copy.bytes()).as(when).isEqualTo(RangeCopy.bytes(source, start, end));
            assertThat(copy.spans("v0").getFirst().startMillis()).isZero();
            copying.remove(copy);
            assertThat(store.resolve(FOLDER)).doesNotExist();
        }
    }

    @Test
    void whatIsWantedWholeIsLinkedAndNamesCanFollowOnOthers() throws IOException {
        Recording source = source();
        // From the middle of the first span to the middle of the last.
        Recording copy = new RangeCopy(store).copy(source, 12_500, 80_000, COPY, FOLDER, Map.of("v0", 4, "a0", 7));
        assertThat(RangeCopy.begins(source, 12_500, 80_000)).hasValue(12_000);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::ordinal).containsExactly(4, 5, 6, 7);
        assertThat(copy.spans("a0")).extracting(RecordedSpan::ordinal).containsExactly(7, 8, 9, 10);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::discontinuity).containsExactly(false, false, true, false);
        for (String track : List.of("v0", "a0")) {
            List<RecordedSpan> spans = copy.spans(track);
            for (int at = 0; at < SPANS; at++) {
                Path of = store.resolve(source.object(source.spans(track).get(at)));
                Path to = store.resolve(copy.object(spans.get(at)));
                assertThat(Files.isSameFile(of, to)).as(track + " " + at).isEqualTo(at == 1 || at == 2);
            }
            SegmentRange range = SegmentRange.between(source, 12_500, 80_000);
            assertThat(segments(copy, track, 0, Long.MAX_VALUE))
                    .isEqualTo(segments(source, track, range.from(), range.to()));
        }
        new RangeCopy(store).remove(copy);
        assertThat(store.resolve(FOLDER)).doesNotExist();
        assertThat(segments(source, "v0", 0, Long.MAX_VALUE)).hasSize(SPANS * SEGMENTS);
    }

    @Test
    void aCopyHasItsOwnTime() throws IOException {
        // From the 22nd segment, the first random access point before, over the break to the one behind the 26th.
        Recording copy = new RangeCopy(store).copy(source(), 44_500, 52_100, COPY, FOLDER);
        assertThat(copy.startedAt()).isEqualTo(START.plusSeconds(42));
        assertThat(copy.endedAt()).contains(START.plusSeconds(54 + 40));
        assertThat(copy.durationMillis()).isEqualTo(12_000);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::ordinal).containsExactly(0, 1);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::startMillis).containsExactly(0L, 6_000L);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::discontinuity).containsExactly(false, true);
        assertThat(copy.spans("v0")).extracting(RecordedSpan::format).containsExactly(0, 1);
        assertThat(copy.spans("a0"))
                .extracting(RecordedSpan::baseDecodeTime)
                .first()
                .isEqualTo(7_000L + 21 * 180_000L);
        assertThat(copy.tracks()).extracting(RecordedTrack::name).containsExactlyInAnyOrder("v0", "v0", "a0");
        assertThat(copy.gaps()).containsExactly(new RecordingGap(6_000, 40_000, RecordingGap.Cause.ENCODER));
    }

    @Test
    void theDecodeTimeIsThatOfTheFirstFragment() throws IOException {
        RecordedTrack track = track("v0", 0, 10);
        ByteBuf file = Unpooled.buffer();
        file.writeBytes(track.initialization().duplicate());
        List<RecordedSegment> segments = new ArrayList<>();
        for (int at = 0; at < 3; at++) {
            int offset = file.writerIndex();
            FragmentWriter.write(
                    at + 1,
                    SampleTracks.VIDEO,
                    90_000L + at * 180_017L,
                    List.of(new Sample(180_017, 0, true, Unpooled.wrappedBuffer(new byte[20]))),
                    file);
            segments.add(new RecordedSegment(
                    at, offset, file.writerIndex() - offset, 180_000, true, START.plusSeconds(at * 2L)));
        }
        byte[] bytes = new byte[file.readableBytes()];
        file.readBytes(bytes);
        write("v0", 0, bytes);
        RecordedSpan span =
                new RecordedSpan("v0", 0, 0, false, 0, 90_000, bytes.length, SegmentTable.of(segments), true);
        Recording source = new Recording(
                SOURCE,
                "2026-11/" + SOURCE,
                UUID.randomUUID(),
                "live/anna",
                START,
                Optional.empty(),
                List.of(track),
                List.of(span),
                List.of());
        Recording copy = new RangeCopy(store).copy(source, 2_500, 3_000, COPY, FOLDER);
        assertThat(copy.spans()).singleElement().satisfies(only -> {
            assertThat(only.baseDecodeTime()).isEqualTo(90_000 + 180_017);
            assertThat(only.segments().firstSequence()).isEqualTo(1);
        });
    }

    @Test
    void nothingIsLeftOfACopyThatFailed() throws IOException {
        Recording source = source();
        Path sound = store.resolve(Recording.object(source.folder(), "a0", 1));
        Files.write(sound, Arrays.copyOf(Files.readAllBytes(sound), 200));
        assertThatThrownBy(() -> new RangeCopy(store).copy(source, 20_000, 40_000, COPY, FOLDER))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(store.resolve(FOLDER)).doesNotExist();
        Files.delete(sound);
        assertThatThrownBy(() -> new RangeCopy(store).copy(source, 20_000, 40_000, COPY, FOLDER))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(store.resolve(FOLDER)).doesNotExist();
        try (Stream<Path> left = Files.walk(store)) {
            assertThat(left.filter(Files::isRegularFile)).hasSize(2 * SPANS - 1);
        }
    }

    @Test
    void whereNothingWasRecordedNothingIsCopied() {
        Recording empty = new Recording(
                SOURCE,
                "2026-11/" + SOURCE,
                UUID.randomUUID(),
                "live/anna",
                START,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        assertThatThrownBy(() -> new RangeCopy(store).copy(empty, 0, 1_000, COPY, FOLDER))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(store.resolve(FOLDER)).doesNotExist();
    }
}
