// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that hangs at its end is ended. */
class EndLimitTest {
    /** What the child process runs: it says when it can be told to end, and never ends by itself. */
    static final class NeverEnds {
        public static void main(String[] arguments) throws InterruptedException {
            EndLimit.install(Duration.ofMillis(200));
            CountDownLatch never = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            System.out.write('.');
            System.out.flush();
            never.await();
        }
    }

    @Test
    void anEndThatHangsIsCutOff() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        String.join(
                                java.io.File.pathSeparator,
                                Path.of("target/classes").toString(),
                                Path.of("target/test-classes").toString()),
                        NeverEnds.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.read()).isEqualTo('.');
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }
}
