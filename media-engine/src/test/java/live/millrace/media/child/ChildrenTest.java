// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<String> ECHO = List.of("cat");
    private static final int MUCH = 8 << 20;

    private final Children children = new Children(2);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        children.close();
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void isHandedItsInputAndAnswers() throws Exception {
        byte[] much = new byte[MUCH];
        new Random(1).nextBytes(much);
        assertThat(children.run(ECHO, much, MUCH, LONG)).isEqualTo(much);
        assertThat(children.run(shell("exit 3"), much, MUCH, LONG)).isEmpty();
        assertThat(children.running()).isZero();
    }

    @Test
    void mayWriteOnlySoMuch() {
        assertThatThrownBy(() -> children.run(shell("yes"), new byte[0], 1_000, LONG))
                .isInstanceOf(ChildException.class)
                .hasMessageContaining("1000 bytes");
        assertThat(children.running()).isZero();
    }

    @Test
    void mayTakeOnlySoLong() {
        assertThatThrownBy(() -> children.run(shell("exec sleep 100"), new byte[0], 1_000, Duration.ofMillis(200)))
                .isInstanceOf(ChildException.class)
                .hasMessageContaining("longer");
        assertThat(children.running()).isZero();
    }

    @Test
    void saysWhenThereIsNoSuchProgramOrItIsKilled() {
        assertThatThrownBy(() -> new Children(1).run(shell("kill -9 $$"), new byte[0], 1_000, LONG))
                .isInstanceOf(ChildException.class)
                .hasMessageContaining("signal 9");
    }

    @Test
    void thereAreOnlySoManyAtATime() throws Exception {
        Path count = directory.resolve("count");
        // Each waits until it is let go of, and says that it is there.
        List<String> waiting = shell(
                "echo x >> " + count + "; cat; while [ ! -e " + directory.resolve("go") + " ]; do sleep 0.02; done");
        List<CompletableFuture<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> run(waiting), task -> Thread.ofPlatform().daemon().start(task)));
        }
        Wait.until("two are there", () -> Files.exists(count) && Files.size(count) == 4);
        // A child may say that it is there before it was noted down.
        Wait.until("two are noted down", () -> children.running() == 2);
        Files.createFile(directory.resolve("go"));
        for (CompletableFuture<byte[]> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo("in".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Files.size(count)).isEqualTo(8);
    }

    private byte[] run(List<String> command) {
        try {
            return children.run(command, "in".getBytes(StandardCharsets.UTF_8), 100, LONG);
        } catch (ChildException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void areGoneWhenItIsClosed() throws Exception {
        Path pid = directory.resolve("pid");
        CompletableFuture<byte[]> running = CompletableFuture.supplyAsync(
                () -> run(shell("echo $$ > " + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 100")),
                task -> Thread.ofPlatform().daemon().start(task));
        Wait.until("it runs", () -> Files.exists(pid));
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        children.close();
        child.onExit().get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS)).hasMessageContaining("going down");
        assertThatThrownBy(() -> children.run(ECHO, new byte[0], 10, LONG)).isInstanceOf(ChildException.class);
    }

    /** What a child of an engine that is killed meets: its input ends, and nobody reads it. */
    @Test
    void areGoneWhenTheirParentIsKilled() throws Exception {
        Path pid = directory.resolve("pid");
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        "echo $$ > " + pid + ".new; mv " + pid + ".new " + pid + "; while echo x; do sleep 0.05; done")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("parent.log").toFile())
                .start();
        Wait.until("its child runs", Duration.ofSeconds(30), () -> Files.exists(pid));
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        parent.destroyForcibly().waitFor();
        Wait.until("its child is gone", Duration.ofSeconds(10), () -> !child.isAlive());
    }

    /** A process with a child that never ends by itself. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            new Children(1).run(shell(args[0]), new byte[0], Integer.MAX_VALUE - 10, Duration.ofMinutes(5));
        }
    }

    @Test
    void programsAreFoundByNameOrSetting() {
        assertThat(Programs.onPath("sh")).isPresent();
        assertThat(Programs.onPath("no-such-program-here")).isEmpty();
        assertThat(Programs.named("ffmpeg", null, "sh")).isEqualTo(Programs.onPath("sh"));
        assertThat(Programs.named("ffmpeg", "", "sh")).isEmpty();
        assertThat(Programs.named("ffmpeg", "/bin/sh", "x")).contains(Path.of("/bin/sh"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Programs.named("ffmpeg", directory.toString(), "x"))
                .withMessageContaining("ffmpeg names " + directory);
    }
}
