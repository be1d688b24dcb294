// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or fails, costs the recording what could not be written, and nothing else anything: the live stream least. */
class FullDiskTest {
    private static final long MEBI = 1 << 20;
    private static final long MARK = 4 * MEBI;

    /** Of a second of media, a quarter of a mebibyte. */
    private static final int LARGE_PICTURE = 52_000;

    @TempDir
    private Path directory;

    private final MemoryIndex index = new MemoryIndex();
    private Optional<Path> mounted = Optional.empty();
    private OnAir air;

    @AfterEach
    void end() throws Exception {
        if (air != null) {
            air.close();
        }
        if (mounted.isPresent()) {
            run("umount", "--lazy", mounted.get().toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Sixteen mebibytes of memory that the kernel calls a disk. */
    private Path smallDisk() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        boolean done = false;
        try {
            done = run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString());
        } catch (IOException none) {
            assertThat(none).hasMessageContaining("mount");
        }
        assumeTrue(done, "nothing may be mounted here: a full disk is not tried for real");
        mounted = Optional.of(small);
        return small;
    }

    private static RecordingConfig config(Path store, long mark, RecordingConfig.Sync sync) {
        RecordingConfig usual = RecordingConfig.defaults(store);
        return new RecordingConfig(
                store,
                sync,
                usual.spanLength(),
                usual.spanBytes(),
                usual.queueBytes(),
                usual.streamQueueBytes(),
                mark,
                mark);
    }

    private Optional<RecordingGap.Cause> paused() {
        return air.recorder.statuses().getFirst().paused();
    }

    private Recording over() throws Exception {
        air.endBroadcast();
        Wait.until("the end is heard", () -> index.heard().contains("ended"));
        return index.get(OnAir.ID);
    }

    /** Whoever watches misses nothing: number follows on number, in each track. */
    private void liveIsUntouched(int atLeast) {
        assertThat(air.witness.segments).containsOnlyKeys("v0", "a0");
        for (TreeMap<Long, ?> numbers : air.witness.segments.values()) {
            assertThat(numbers.keySet())
                    .containsExactlyElementsOf(LongStream.rangeClosed(numbers.firstKey(), numbers.lastKey())
                            .boxed()
                            .toList());
            assertThat(numbers).hasSizeGreaterThanOrEqualTo(atLeast);
        }
    }

    /** What is on the disk is what the index says, and nothing more. */
    private static void filesAre(OnAir air, Recording recording) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(air.store)) {
            for (Path each : found.filter(Files::isRegularFile).toList()) {
                files.add(air.store.relativize(each) + " " + Files.size(each));
            }
        }
        assertThat(files)
                .containsExactlyInAnyOrderElementsOf(recording.spans().stream()
                        .map(span -> recording.object(span) + " " + span.bytes())
                        .toList());
    }

    /** A stretch begins where the longest track of the one before ended, and what is lost between them is one gap. */
    private static void timeIsWhole(Recording recording) {
        assertThat(recording.gaps()).extracting(RecordingGap::atMillis).doesNotHaveDuplicates();
        for (RecordedSpan span : recording.spans("v0")) {
            long before = recording.spans().stream()
                    .filter(each -> each.startMillis() < span.startMillis())
                    .mapToLong(RecordedSpan::endMillis)
                    .max()
                    .orElse(0);
            assertThat(span.startMillis()).isBetween(before, before + 300);
        }
        // What was kept and what was lost are the time between the first picture and the end.
        RecordedSegment last =
                recording.spans("v0").getLast().segments().segments().getLast();
        long wall =
                Duration.between(recording.startedAt(), last.programDateTime()).toMillis() + last.duration() / 90;
        long lost =
                recording.gaps().stream().mapToLong(RecordingGap::lostMillis).sum();
        assertThat(recording.durationMillis() + lost).isBetween(wall - 500, wall + 500);
    }

    // ---- a disk of memory -------------------------------------------------------------------------------------

    @Test
    void aDiskThatFillsIsLeftToOthersAndUsedAgainWhenHalfOfItIsFree() throws Exception {
        Path small = smallDisk();
        Path others = small.resolve("others");
        fill(others, 3 * MEBI);
        air = new OnAir(directory, index, Disk.REAL, config(small.resolve("r"), MARK, RecordingConfig.Sync.NONE));
        air.pictureBytes = LARGE_PICTURE;
        air.publish(OnAir.recorded());
        for (int i = 0; i < 60 && paused().isEmpty(); i++) {
            air.play(2);
            air.written();
            long there = looked(small);
            Wait.until("it decides", () -> there >= MARK || paused().isPresent());
        }
        assertThat(paused()).hasValue(RecordingGap.Cause.DISK);
        Wait.until("it is told", () -> index.heard().contains("span v0-0 closed"));
        long left = looked(small);
        // What was not whole was given back before.
        assertThat(left).as("others live on that disk").isBetween(MARK - MEBI, MARK + MEBI);
        assertThat(air.recorder.tallies().failures().sum()).isZero();
        air.play(10);
        air.written();
        assertThat(looked(small)).isEqualTo(left);
        Recording stopped = index.get(OnAir.ID);
        assertThat(air.compare(stopped)).hasSizeGreaterThan(10);
        Files.delete(others);
        assertThat(looked(small)).isBetween(MARK, 2 * MARK);
        air.play(4);
        assertThat(paused())
                .as("less than twice the mark is too little to go on")
                .isPresent();
        // As retention does.
        RecordedSpan first = stopped.spans("v0").getFirst();
        Files.delete(air.store.resolve(stopped.object(first)));
        Wait.until("it goes on", () -> paused().isEmpty());
        air.play(6);
        Recording whole = over();
        liveIsUntouched(20);
        assertThat(whole.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.DISK);
            assertThat(gap.lostMillis()).isGreaterThan(13_000);
        });
        assertThat(whole.spans("v0")).hasSize(2);
        timeIsWhole(whole);
    }

    /** What is free, once the recorder has seen it. */
    private long looked(Path disk) throws Exception {
        Wait.until(
                "it looks",
                () -> air.recorder.free() == Files.getFileStore(disk).getUsableSpace());
        return air.recorder.free();
    }

    private static void fill(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(bytes, MEBI));
            for (long left = bytes; left > 0; ) {
                zeros.clear().limit((int) Math.min(left, zeros.capacity()));
                left -= channel.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    @Test
    void aDiskThatOthersFillFailsTheRecordingAndNobodyElse() throws Exception {
        Path small = smallDisk();
        // It says what it likes of its room: what it has, the kernel decides.
        class Boasting implements Disk {
            private volatile long says = WorseDisk.PLENTY;

            @Override
            public Space space(Path folder) {
                return new Space(says, WorseDisk.PLENTY);
            }
        }
        Boasting disk = new Boasting();
        air = new OnAir(directory, index, disk, config(small.resolve("r"), MARK, RecordingConfig.Sync.SEGMENT));
        air.pictureBytes = LARGE_PICTURE;
        air.publish(OnAir.recorded());
        air.play(9);
        air.written();
        disk.says = MARK; // too little to go on once it has stopped
        fill(small.resolve("filler"), 16 * MEBI);
        air.play(6);
        air.written();
        assertThat(paused()).hasValue(RecordingGap.Cause.DISK);
        assertThat(air.recorder.tallies().failures().sum()).isEqualTo(1);
        Wait.until("it is told", () -> index.heard().contains("span v0-0 closed"));
        Recording stopped = index.get(OnAir.ID);
        air.compare(stopped);
        air.play(6);
        air.written();
        Files.delete(small.resolve("filler"));
        disk.says = 2 * MARK;
        Wait.until("it goes on", () -> paused().isEmpty());
        air.play(6);
        Recording whole = over();
        liveIsUntouched(13);
        assertThat(air.compare(whole)).doesNotHaveDuplicates();
        filesAre(air, whole);
        timeIsWhole(whole);
        assertThat(whole.gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.DISK));
        assertThat(air.recorder.tallies().failures().sum()).isEqualTo(1);
    }

    // ---- a disk that is made up -------------------------------------------------------------------------------

    /** Wherever in a file the last byte is that fits. */
    @Test
    void whateverTheLastByteIsThatFitsNothingHalfWrittenCounts() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            WorseDisk disk = new WorseDisk();
            Path store = directory.resolve("r" + round);
            MemoryIndex heard = new MemoryIndex();
            try (OnAir anna = new OnAir(
                    directory.resolve("o" + round), heard, disk, config(store, MARK, RecordingConfig.Sync.NONE))) {
                anna.publish(OnAir.recorded());
                anna.play(4.5);
                anna.written();
                disk.says(MARK);
                disk.room(random.nextInt(9_000));
                anna.play(round % 2 == 0 ? 9.3 : 12);
                anna.written();
                assertThat(anna.recorder.statuses().getFirst().paused()).hasValue(RecordingGap.Cause.DISK);
                disk.room(random.nextInt(4_000)); // it fails again before anything is whole
                disk.says(2 * MARK);
                Wait.until(
                        "it goes on",
                        () -> anna.recorder.statuses().getFirst().paused().isEmpty());
                disk.says(MARK);
                anna.play(9);
                anna.written();
                disk.room(WorseDisk.PLENTY);
                disk.says(2 * MARK);
                Wait.until(
                        "it goes on",
                        () -> anna.recorder.statuses().getFirst().paused().isEmpty());
                anna.play(7);
                anna.endBroadcast();
                Wait.until("the end is heard", () -> heard.heard().contains("ended"));
                Recording whole = heard.get(OnAir.ID);
                assertThat(anna.compare(whole)).hasSizeGreaterThan(3).doesNotHaveDuplicates();
                filesAre(anna, whole);
                timeIsWhole(whole);
                assertThat(whole.gaps())
                        .isNotEmpty()
                        .allSatisfy(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.DISK));
            }
        }
    }

    @Test
    void nothingIsBegunBelowTheMarkAndItBeginsByItselfAboveIt() throws Exception {
        WorseDisk disk = new WorseDisk();
        disk.says(MARK - 1);
        air = new OnAir(directory, index, disk, config(directory.resolve("r"), MARK, RecordingConfig.Sync.NONE));
        air.publish(OnAir.recorded());
        air.play(6);
        Wait.until("it is paused", () -> paused().isPresent());
        air.play(6);
        air.written();
        try (Stream<Path> files = Files.walk(air.store)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        disk.says(2 * MARK);
        Wait.until("it begins", () -> paused().isEmpty());
        air.play(9);
        Recording whole = over();
        assertThat(air.compare(whole)).hasSizeBetween(3, 5);
        assertThat(whole.startedAt())
                .isEqualTo(whole.spans("v0")
                        .getFirst()
                        .segments()
                        .segments()
                        .getFirst()
                        .programDateTime());
        liveIsUntouched(10);
    }

    @Test
    void aDiskThatBecameReadOnlyPausesUntilItIsNot() throws Exception {
        WorseDisk disk = new WorseDisk();
        air = new OnAir(directory, index, disk, config(directory.resolve("r"), MARK, RecordingConfig.Sync.SEGMENT));
        air.publish(OnAir.recorded());
        air.play(9);
        air.written();
        disk.says(MARK);
        disk.readOnly(true);
        air.play(6);
        air.written();
        assertThat(paused()).hasValue(RecordingGap.Cause.DISK);
        disk.readOnly(false);
        disk.says(2 * MARK);
        Wait.until("it goes on", () -> paused().isEmpty());
        air.play(6);
        Recording whole = over();
        liveIsUntouched(10);
        assertThat(air.compareMedia(whole)).doesNotHaveDuplicates();
        timeIsWhole(whole);
    }
}
