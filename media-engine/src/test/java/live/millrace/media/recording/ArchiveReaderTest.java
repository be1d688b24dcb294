// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pieces that several want, and an archive that is slow or away. */
class ArchiveReaderTest {
    private static final String NAME = "2026-11/AbC_-123xyz/v0-0.mp4";
    private static final int PIECE = ArchiveReader.PIECE;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final byte[] span = new byte[3 * PIECE + 12_345];
    private final MemoryArchive archive = new MemoryArchive();
    private final AtomicLong nanos = new AtomicLong();
    private ArchiveReader reader;

    @BeforeEach
    void start() {
        new Random(3).nextBytes(span);
        archive.put(NAME, span);
        reader = reader(Duration.ofSeconds(30), 64L << 20);
    }

    @AfterEach
    void stop() {
        reader.close();
    }

    private ArchiveReader reader(Duration deadline, long memory) {
        return new ArchiveReader(archive, new ArchiveReader.Limits(memory, deadline, PAUSE), nanos::get);
    }

    private CompletableFuture<ByteBuf> ask(long offset, int length) {
        return reader.read(NAME, span.length, offset, length);
    }

    private static byte[] bytes(CompletableFuture<ByteBuf> asked) throws Exception {
        ByteBuf found = asked.get(20, TimeUnit.SECONDS);
        try {
            return ByteBufUtil.getBytes(found);
        } finally {
            found.release();
        }
    }

    @Test
    void anyStretchIsReadAndNoPieceTwice() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(span.length);
            int length = 1 + random.nextInt(Math.min(2 * PIECE, span.length - from));
            assertThat(bytes(ask(from, length))).isEqualTo(Arrays.copyOfRange(span, from, from + length));
        }
        assertThat(bytes(ask(7, 0))).isEmpty();
        assertThat(archive.reads()).isEqualTo(4);
        assertThat(archive.bytes()).isEqualTo(span.length);
    }

    @Test
    void whatIsKeptIsBounded() throws Exception {
        reader.close();
        reader = reader(Duration.ofSeconds(30), 2L * PIECE);
        for (int round = 0; round < 3; round++) {
            for (int piece = 0; piece < 3; piece++) {
                assertThat(bytes(ask((long) piece * PIECE, PIECE))).hasSize(PIECE);
            }
        }
        assertThat(archive.reads()).as("not all three were there").isGreaterThan(3);
    }

    @Test
    void thoseWhoWantOnePieceWaitForOneRequest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        archive.waitFor(gate);
        List<CompletableFuture<ByteBuf>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(ask(100L * i, 100));
        }
        assertThat(all).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        for (int i = 0; i < 50; i++) {
            assertThat(bytes(all.get(i))).isEqualTo(Arrays.copyOfRange(span, 100 * i, 100 * i + 100));
        }
        assertThat(archive.reads()).isEqualTo(1);
    }

    @Test
    void whatIsGoneIsGoneAndNoSignOfAnArchiveThatIsAway() throws Exception {
        for (int i = 0; i < 10; i++) {
            String name = "2026-11/AbC_-123xyz/v0-" + (100 + i) + ".mp4";
            assertThatThrownBy(() -> reader.read(name, 1_000, 0, 10).get())
                    .hasCauseInstanceOf(NoSuchFileException.class);
        }
        assertThat(reader.away()).isEmpty();
        assertThat(bytes(ask(0, 10))).hasSize(10);
    }

    @Test
    void anArchiveThatIsAwayIsNotAskedForAWhile() throws Exception {
        archive.away(true);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(0, 10).get())
                    .cause()
                    .isInstanceOfSatisfying(
                            ArchiveAwayException.class,
                            e -> assertThat(e.again()).isPositive());
        }
        int asked = archive.reads();
        archive.away(false);
        assertThat(reader.away()).isPresent();
        assertThatThrownBy(() -> ask(0, 10).get()).hasCauseInstanceOf(ArchiveAwayException.class);
        assertThat(archive.reads()).isEqualTo(asked);
        nanos.addAndGet(PAUSE.toNanos());
        assertThat(bytes(ask(0, 10))).hasSize(10);
        assertThat(reader.away()).isEmpty();
    }

    /** However many wait behind it: nobody waits for ever, and nothing is lost for those who come later. */
    @Test
    void nobodyWaitsLongerThanTheDeadline() throws Exception {
        reader.close();
        reader = reader(Duration.ofMillis(200), 64L << 20);
        CountDownLatch gate = new CountDownLatch(1);
        archive.waitFor(gate);
        List<CompletableFuture<ByteBuf>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(reader.read("2026-11/AbC_-123xyz/a0-" + i + ".mp4", 10, 0, 10));
        }
        Wait.until("all were told", () -> all.stream().allMatch(CompletableFuture::isDone));
        for (CompletableFuture<ByteBuf> each : all) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ArchiveAwayException.class);
        }
        gate.countDown();
        Wait.until("it reads again", () -> {
            CompletableFuture<ByteBuf> asked = ask(0, 10);
            return asked.handle((bytes, _) -> bytes != null && bytes.release()).join();
        });
        assertThat(archive.reads()).as("who had gone was not asked for").isLessThan(100);
    }
}
