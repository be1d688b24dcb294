// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.FileRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFilesTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("segment.m4s");
        Files.writeString(file, "0123456789");
    }

    /** How often this process holds the file open. */
    private long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).toString().contains(file.toString());
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private static String sent(FileRegion region) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        region.transferTo(Channels.newChannel(out), 0);
        return out.toString(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void manySendersShareOneDescriptor() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "Linux tells what is open");
        try (SharedFiles files = new SharedFiles()) {
            FileRegion first = files.region(file, 0, 5);
            FileRegion second = files.region(file, 5, 5);
            assertThat(descriptors()).isEqualTo(1);
            assertThat(sent(first)).isEqualTo("01234");
            first.release();
            assertThat(sent(second)).isEqualTo("56789");
            second.release();
        }
        assertThat(descriptors()).isZero();
    }

    @Test
    void whoBeganToSendADeletedFileSendsItToItsEnd() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "Linux tells what is open");
        FileRegion region;
        try (SharedFiles files = new SharedFiles()) {
            region = files.region(file, 0, 10);
            Files.delete(file);
        }
        assertThat(sent(region)).isEqualTo("0123456789");
        region.release();
        assertThat(descriptors()).isZero();
    }

    @Test
    void aFileThatNobodyAsksForIsClosedByItself() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "Linux tells what is open");
        try (SharedFiles files = new SharedFiles(Duration.ofMillis(50))) {
            files.region(file, 0, 10).release();
            Files.delete(file);
            Wait.until("the file is closed", () -> descriptors() == 0);
        }
    }

    @Test
    void aFileThatIsNotThereFails() {
        try (SharedFiles files = new SharedFiles()) {
            assertThatThrownBy(() -> files.region(directory.resolve("nothing"), 0, 1))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }
}
