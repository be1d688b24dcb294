// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the disk is given, and when it is spared. */
class SegmentFilesTest {
    @TempDir
    private Path directory;

    private SegmentFiles files;
    private final AtomicInteger written = new AtomicInteger();
    private final ByteBuf content = Unpooled.buffer().writeLong(42);
    private final List<InterruptedException> interrupted = new ArrayList<>();

    @BeforeEach
    void open() {
        files = SegmentFiles.temporary(directory.resolve("hls"));
    }

    @AfterEach
    void close() {
        files.close();
        assertThat(content.refCnt()).isOne();
        content.release();
    }

    private static String name(int number) {
        return new UUID(0, 1) + "-0/" + number + ".ts";
    }

    private void write(int number) {
        var _ = files.append(name(number), content).thenRun(written::incrementAndGet);
    }

    /** Lets the disk hang until it is told to go on. */
    private void hang(CountDownLatch stuck) {
        files.execute(() -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                interrupted.add(e);
            }
        });
    }

    @Test
    void deletionsThatWaitAreNoQueue() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        hang(stuck);
        for (int i = 0; i < 2_000; i++) {
            files.delete(name(i));
        }
        write(1);
        stuck.countDown();
        Wait.until("it is written", () -> written.get() == 1);
        Path file = directory.resolve("hls").resolve(name(1));
        assertThat(Files.readAllBytes(file)).isEqualTo(ByteBufUtil.getBytes(content));
        assertThat(interrupted).isEmpty();
    }

    @Test
    void aDiskThatIsTooSlowIsSparedUntilItHasCaughtUp() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        hang(stuck);
        for (int i = 0; i < 2_000; i++) {
            write(i);
        }
        assertThat(content.refCnt()).as("those that wait, and ours").isBetween(2, 300);
        int waiting = content.refCnt() - 1;
        stuck.countDown();
        Wait.until("the disk has caught up", () -> written.get() == waiting);
        write(5_000);
        Wait.until("it is used again", () -> written.get() == waiting + 1);
        assertThat(interrupted).isEmpty();
    }

    @Test
    void anObjectGrowsAndIsReadBackByOffset() throws Exception {
        StoredBytes first = get(files.append("a/v0-1.mp4", content));
        StoredBytes second = get(files.append("a/v0-1.mp4", content));
        assertThat(first.offset()).isZero();
        assertThat(second.offset()).isEqualTo(8);
        assertThat(second.length()).isEqualTo(8);
        assertThat(read(second)).isEqualTo(ByteBufUtil.getBytes(content));
        assertThat(read(files.open("a/v0-1.mp4", 7, 2))).containsExactly(42, 0);
        assertThatThrownBy(() -> files.open("a/v0-1.mp4", 12, 8).read()).isInstanceOf(EOFException.class);
        files.delete("a/v0-1.mp4");
        Wait.until("it is deleted", () -> !Files.exists(directory.resolve("hls/a/v0-1.mp4")));
        assertThatThrownBy(second::read).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatCannotBeWrittenFailsAndLeavesNothingBehind() throws Exception {
        Files.writeString(directory.resolve("hls/taken"), "a file where a folder should be");
        assertThatThrownBy(() -> get(files.append("taken/1.m4s", content))).hasCauseInstanceOf(IOException.class);
        assertThat(get(files.append("free/1.m4s", content)).length()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../1.m4s", "/etc/1.m4s", "a//1.m4s", "a/.hidden", "a/..", "", "a/b c"})
    void aNameThatIsNotOursIsAMistake(String name) {
        assertThatThrownBy(() -> files.append(name, content)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.open(name, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.deleteFolder(name)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A recording that lies beside live segments is not theirs to delete. */
    @Test
    void onlyTemporarySegmentsAreClearedAway() throws Exception {
        Path hls = directory.resolve("hls");
        Path recording = hls.resolve("recordings/2026-11/7/v0-1.mp4");
        Path foreign = hls.resolve(new UUID(0, 2) + "-1").resolve("notes.txt");
        Path left = hls.resolve(new UUID(0, 2) + "-1").resolve("1000.v0.m4s");
        Path half = hls.resolve(new UUID(0, 3) + "-1700000000").resolve("1000.v0.m4s.part");
        for (Path each : List.of(recording, foreign, left, half)) {
            Files.createDirectories(each.getParent());
            Files.writeString(each, "bytes");
        }
        write(1);
        files.close();
        assertThat(written).hasValue(1);
        assertThat(recording).exists();
        assertThat(foreign).exists();
        assertThat(left).doesNotExist();
        assertThat(half.getParent()).doesNotExist();
        assertThat(hls.resolve(name(1))).doesNotExist();
        Files.writeString(left, "bytes");
        try (SegmentFiles next = SegmentFiles.temporary(hls)) {
            assertThat(next).isNotNull();
            assertThat(left).doesNotExist();
            assertThat(recording).exists();
        }
    }

    @Test
    void whatLastsStaysOverARestart() throws Exception {
        try (SegmentFiles recordings = SegmentFiles.lasting(directory.resolve("recordings"))) {
            get(recordings.append(name(1), content));
        }
        try (SegmentFiles recordings = SegmentFiles.lasting(directory.resolve("recordings"))) {
            assertThat(read(recordings.open(name(1), 0, 8))).isEqualTo(ByteBufUtil.getBytes(content));
            assertThat(get(recordings.append(name(1), content)).offset()).isEqualTo(8);
        }
    }

    @Test
    void afterItsEndNothingIsKept() {
        files.close();
        assertThatThrownBy(() -> get(files.append(name(1), content)))
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }

    private static StoredBytes get(CompletionStage<StoredBytes> kept) throws Exception {
        return kept.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static byte[] read(StoredBytes bytes) throws IOException {
        ByteBuf read = bytes.read();
        try {
            return ByteBufUtil.getBytes(read);
        } finally {
            read.release();
        }
    }
}
