// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut is kept, byte for byte, whatever happens to the encoder, the disk, the index and the process. */
class RecorderTest {
    @TempDir
    private Path directory;

    private MemoryIndex index = new MemoryIndex();
    private OnAir air;

    @BeforeEach
    void begin() {
        air = new OnAir(directory, index);
    }

    @AfterEach
    void end() {
        air.close();
    }

    private void over() throws Exception {
        air.endBroadcast();
        Wait.until("the end is heard", () -> index.heard().contains("ended"));
    }

    private Recording kept() {
        return index.get(OnAir.ID);
    }

    @Test
    void whatIsCutIsKept() throws Exception {
        air.publish(OnAir.recorded());
        air.play(21);
        Wait.until("it is told", () -> index.heard().contains("span v0-0"));
        Recording running = air.recorder.recordings().running(OnAir.ANNA).orElseThrow();
        assertThat(running.endedAt()).isEmpty();
        over();
        Recording whole = kept();
        assertThat(air.compare(whole)).hasSize(11);
        assertThat(whole.gaps()).isEmpty();
        assertThat(whole.durationMillis()).isBetween(20_800L, 21_300L);
        assertThat(whole.tracks()).extracting(RecordedTrack::name).containsExactlyInAnyOrder("v0", "a0");
        assertThat(whole.spans()).allSatisfy(span -> {
            assertThat(span.closed()).isTrue();
            assertThat(span.startMillis()).isZero();
        });
        assertThat(index.heard().getFirst()).isEqualTo("begun");
        assertThat(index.heard().getLast()).isEqualTo("ended");
        // The journals are gone: the index has it all.
        try (Stream<Path> files = Files.list(air.store.resolve(whole.folder()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("v0-0.mp4", "a0-0.mp4");
        }
        Optional<Recording> found =
                air.recorder.recordings().find(OnAir.ID).toCompletableFuture().get();
        assertThat(found).hasValueSatisfying(each -> assertThat(each.endedAt()).isPresent());
    }

    @Test
    void whatIsNotToBeKeptIsNot() throws Exception {
        air.publish(BroadcastIdentity.fresh());
        air.play(6);
        air.endBroadcast();
        assertThat(index.heard()).isEmpty();
        assertThat(air.recorder.statuses()).isEmpty();
    }

    @Test
    void aSlipLeavesNothing() throws Exception {
        air.publish(OnAir.recorded());
        air.play(1.5);
        air.endBroadcast();
        Wait.until("it is over", () -> air.recorder.statuses().isEmpty());
        assertThat(index.heard()).isEmpty();
        try (Stream<Path> files = Files.walk(air.store)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void spansEndAfterTheirTime() throws Exception {
        RecordingConfig usual = RecordingConfig.defaults(air.store);
        air.reopen(new RecordingConfig(
                air.store,
                RecordingConfig.Sync.NONE,
                Duration.ofSeconds(6),
                usual.spanBytes(),
                usual.queueBytes(),
                usual.streamQueueBytes(),
                0,
                0));
        air.publish(OnAir.recorded());
        air.play(31);
        over();
        Recording whole = kept();
        assertThat(whole.spans("v0")).hasSizeBetween(5, 6);
        assertThat(air.compare(whole)).hasSize(16).doesNotHaveDuplicates();
        long position = 0;
        for (RecordedSpan span : whole.spans("v0")) {
            assertThat(span.discontinuity()).isFalse();
            assertThat(span.startMillis()).isEqualTo(position);
            position = span.endMillis();
        }
    }

    @Test
    void anEncoderThatReturnsMakesABreakWithItsLength() throws Exception {
        air.publish(OnAir.recorded());
        air.play(8);
        air.lose();
        air.now = air.now.plusSeconds(12);
        air.millis = 0; // another clock
        air.publish(OnAir.recorded());
        air.play(8);
        over();
        Recording whole = kept();
        assertThat(air.compare(whole)).hasSize(8);
        assertThat(whole.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.ENCODER);
            assertThat(gap.lostMillis()).isBetween(11_500L, 12_600L);
            assertThat(gap.atMillis()).isBetween(7_800L, 8_300L);
        });
        assertThat(whole.spans("v0")).hasSize(2);
        RecordedSpan second = whole.spans("v0").get(1);
        assertThat(second.discontinuity()).isTrue();
        assertThat(second.startMillis())
                .isEqualTo(whole.spans().stream()
                        .filter(span -> span.ordinal() == 0)
                        .mapToLong(RecordedSpan::endMillis)
                        .max()
                        .orElseThrow());
    }

    @Test
    void anIndexThatIsAwayIsToldLater() throws Exception {
        index.away(true);
        air.publish(OnAir.recorded());
        air.play(12);
        Wait.until("something waits", () -> air.recorder.untold() > 0);
        assertThat(index.heard()).isEmpty();
        index.away(false);
        over();
        assertThat(air.compare(kept())).hasSize(6);
        assertThat(index.heard().getFirst()).isEqualTo("begun");
        assertThat(index.heard().getLast()).isEqualTo("ended");
    }

    /** Whoever is slower than what comes loses whole groups of pictures, and says so. */
    @Test
    void whatTheDiskCannotTakeIsLeftOutWhole() throws Exception {
        WorseDisk disk = new WorseDisk();
        air.close();
        air = new OnAir(
                directory,
                index,
                disk,
                new RecordingConfig(
                        air.store, RecordingConfig.Sync.NONE, Duration.ofMinutes(5), 1 << 28, 6_000, 6_000, 0, 0));
        air.publish(OnAir.recorded());
        air.playWritten(4);
        disk.hold();
        air.play(40); // more than may wait
        disk.letGo();
        air.written();
        air.playWritten(4);
        assertThat(air.recorder.statuses().getFirst().dropped()).isPositive();
        over();
        Recording whole = kept();
        assertThat(air.compare(whole)).isNotEmpty().doesNotHaveDuplicates();
        assertThat(whole.gaps())
                .isNotEmpty()
                .allSatisfy(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.SLOW));
        for (RecordedSpan span : whole.spans("v0")) {
            assertThat(span.segments().segments().getFirst().independent()).isTrue();
        }
    }

    @Test
    void aDiskThatFailsPausesTheRecordingAndNothingElse() throws Exception {
        air.publish(OnAir.recorded());
        air.play(6);
        Wait.until("it is told", () -> index.heard().contains("span v0-0"));
        // A file where the next span's folder would be.
        Path folder = air.store.resolve(kept().folder());
        Path away = directory.resolve("away");
        air.lose();
        air.written();
        Files.move(folder, away);
        Files.writeString(folder, "");
        air.millis = 0;
        air.now = air.now.plusSeconds(1);
        air.publish(OnAir.recorded());
        air.play(6);
        Wait.until("it failed", () -> air.recorder.tallies().failures().sum() > 0);
        Files.delete(folder);
        Files.move(away, folder);
        Wait.until(
                "it goes on", () -> air.recorder.statuses().getFirst().paused().isEmpty());
        air.play(8);
        over();
        Recording whole = kept();
        // Of ten: what waited for the disk when it came back is kept as well.
        assertThat(air.compare(whole)).hasSizeBetween(6, 9);
        assertThat(whole.gaps()).extracting(RecordingGap::cause).contains(RecordingGap.Cause.DISK);
    }

    @Test
    void whatIsPausedIsAGap() throws Exception {
        air.publish(OnAir.recorded());
        air.play(6);
        assertThat(air.recorder.stop(OnAir.ANNA)).isTrue();
        Wait.until(
                "it is paused",
                () -> air.recorder.statuses().getFirst().paused().isPresent());
        air.play(6);
        assertThat(air.recorder.start(air.live, "another1234")).hasValue(OnAir.ID);
        Wait.until(
                "it goes on", () -> air.recorder.statuses().getFirst().paused().isEmpty());
        air.play(6);
        over();
        assertThat(kept().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PAUSED);
            assertThat(gap.lostMillis()).isBetween(5_000L, 9_000L);
        });
    }

    /** Whoever presses twice gets one recording. */
    @Test
    void twoWhoStartAtOnceStartOne() throws Exception {
        air.publish(BroadcastIdentity.fresh());
        air.play(6);
        assertThat(air.recorder.start(air.live, OnAir.ID)).hasValue(OnAir.ID);
        assertThat(air.recorder.start(air.live, "another1234")).hasValue(OnAir.ID);
        air.turn();
        assertThat(air.recorder.start(air.live, "another1234")).hasValue(OnAir.ID);
        air.play(6);
        air.written();
        assertThat(air.recorder.statuses()).hasSize(1);
        over();
        assertThat(kept().gaps()).isEmpty();
        assertThat(index.get("another1234")).isNull();
    }

    /** At any moment, with any number of bytes of what was written last: what is whole is there, and it goes on. */
    @Test
    void aProcessThatIsKilledLosesWhatWasNotWhole() throws Exception {
        Random random = new Random(17);
        for (int round = 0; round < 12; round++) {
            BroadcastIdentity identity = OnAir.recorded();
            air.publish(identity);
            air.play(2.3 + random.nextInt(80) / 10.0);
            air.written();
            Path killed = directory.resolve("killed" + round);
            copy(air.store, killed);
            MemoryIndex left = index.copy();
            cutShort(killed, random);
            boolean known = !left.unfinished().isEmpty();
            next(killed, left);
            air.recorder.mend();
            assertThat(air.recorder.unfinished()).hasSize(known ? 1 : 0);
            air.millis = 0;
            air.now = air.now.plusSeconds(7);
            air.publish(air.resumed(identity));
            air.play(6);
            over();
            Recording whole = kept();
            // Of what the index had not heard of at all, not even a journal's first line may be left.
            assertThat(air.compare(whole))
                    .hasSizeGreaterThanOrEqualTo(known ? 4 : 3)
                    .doesNotHaveDuplicates();
            assertThat(whole.spans())
                    .allSatisfy(span -> assertThat(span.closed()).isTrue());
            if (known) {
                assertThat(whole.gaps()).anySatisfy(gap -> {
                    assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PROCESS);
                    // The seven seconds, the part that was open, and what was cut off.
                    assertThat(gap.lostMillis()).isBetween(6_500L, 10_500L);
                });
            }
            next(directory.resolve("next" + round), new MemoryIndex());
            air.millis = 0;
        }
    }

    /** Another process, with another disk. */
    private void next(Path store, MemoryIndex knows) {
        index = knows;
        air.index = knows;
        air.store = store;
        air.reopen(RecordingConfig.defaults(store));
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    /** As the power does: what was written last is not there, of each file another length. */
    private static void cutShort(Path store, Random random) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                if (!each.endsWith("store-id") && random.nextBoolean()) {
                    try (FileChannel file = FileChannel.open(each, StandardOpenOption.WRITE)) {
                        file.truncate(Math.max(1, file.size() - random.nextInt(500)));
                    }
                }
            }
        }
    }
}
