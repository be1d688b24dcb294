// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.endpoint.rtmp.RtmpEndpoint;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cases beside a healthy stream whose viewer must see no gap. After each, connections and descriptors are back where they were;
 * after all of them memory and threads as well. Writes a table, {@code target/survival/NAME.md}. Each class of cases wants a process
 * of its own, whose memory and descriptors it counts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Survival {
    private static final int FEW = 12;
    private static final long MEMORY = 48L << 20;

    private final List<String> rows = new ArrayList<>();
    private final List<SurvivalCase> cases;

    private Scene scene;
    private ReferenceStream reference;
    private Resources before;

    Survival(Stream<List<SurvivalCase>> cases) {
        this.cases = cases.flatMap(List::stream).toList();
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = new Scene(directory);
        reference = new ReferenceStream(scene);
        before = Resources.now();
    }

    @AfterAll
    void stop() throws Exception {
        try {
            Wait.until(
                    "only the healthy stream is left",
                    () -> scene.engine().control().streams().size() == 1);
            Wait.until("memory is back", () -> Resources.now().directMemory() - before.directMemory() < MEMORY);
            Wait.until(
                    "no thread is left that was not there before",
                    () -> before.threads().containsAll(Resources.now().threads()));
            assertThat(reference.faults()).isEmpty();
            // A short group is over before the healthy stream has shown much.
            Wait.until("the healthy stream was seen for a while", Duration.ofMinutes(2), () -> reference.seen() > 10);
            assertThat(reference.faults()).isEmpty();
        } finally {
            reference.close();
            scene.close();
            write();
        }
    }

    /** The engine; for those who need more beside it. */
    final Scene scene() {
        return scene;
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| area | case | result | ms |", "|---|---|---|---|"));
        lines.addAll(rows);
        Path tables = Files.createDirectories(Path.of("target", "survival"));
        Files.write(tables.resolve(getClass().getSimpleName() + ".md"), lines);
    }

    @TestFactory
    Stream<DynamicTest> survives() {
        return cases.stream()
                .filter(each -> (each.area() + ": " + each.name()).contains(System.getProperty("survival.case", "")))
                .map(each -> DynamicTest.dynamicTest(each.area() + ": " + each.name(), () -> survive(each)));
    }

    private void survive(SurvivalCase each) throws Exception {
        long descriptors = Resources.now().descriptors();
        long start = System.nanoTime();
        String result = "failed";
        try {
            result = each.attack().run(scene);
        } finally {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            rows.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %d |",
                    each.area(),
                    each.name().replace("|", "\\|"),
                    result,
                    millis));
        }
        // Whatever befell the healthy stream is said at once, and not after each case's patience.
        assertThat(reference.faults()).as("the healthy stream's viewer").isEmpty();
        Wait.until(
                "its connections are gone",
                () -> scene.engine().endpoint(RtmpEndpoint.class).connections() == 1);
        Wait.until("its descriptors are closed", () -> Resources.now().descriptors() <= descriptors + FEW);
        assertThat(reference.faults()).as("the healthy stream's viewer").isEmpty();
    }
}
