// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk is given, and when it is spared. */
class SegmentFilesTest {
    @TempDir
    private Path directory;

    private SegmentFiles files;
    private final AtomicInteger written = new AtomicInteger();
    private final ByteBuf content = Unpooled.buffer().writeLong(42);

    @BeforeEach
    void open() {
        files = new SegmentFiles(directory.resolve("hls"));
    }

    @AfterEach
    void close() {
        files.close();
        assertThat(content.refCnt()).isOne();
        content.release();
    }

    private void write(int number) {
        files.write(files.path(new UUID(0, 1), 0, number + ".ts"), content, written::incrementAndGet);
    }

    @Test
    void deletionsThatAreDueLaterAreNoQueue() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            files.later(() -> {}, TimeUnit.HOURS.toMillis(1));
        }
        write(1);
        Wait.until("it is written", () -> written.get() == 1);
        Path file = files.path(new UUID(0, 1), 0, "1.ts");
        assertThat(Files.readAllBytes(file)).isEqualTo(ByteBufUtil.getBytes(content));
    }

    @Test
    void aDiskThatIsTooSlowIsSparedUntilItHasCaughtUp() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        List<InterruptedException> interrupted = new ArrayList<>();
        files.later(
                () -> {
                    try {
                        stuck.await();
                    } catch (InterruptedException e) {
                        interrupted.add(e);
                    }
                },
                0);
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
}
