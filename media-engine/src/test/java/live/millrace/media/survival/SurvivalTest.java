// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case beside a healthy stream whose viewer must see no gap. After each, connections and descriptors are back where they
 * were; after all of them memory and threads as well. Writes the table {@code target/survival.md}.
 */
class SurvivalTest {
    private static final int FEW = 12;
    private static final long MEMORY = 48L << 20;

    private static final List<String> ROWS = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static Scene scene;
    private static ReferenceStream reference;
    private static Resources before;

    @BeforeAll
    static void start() throws Exception {
        scene = new Scene(directory);
        reference = new ReferenceStream(scene);
        before = Resources.now();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            Wait.until(
                    "only the healthy stream is left",
                    () -> scene.engine().control().streams().size() == 1);
            Wait.until("memory is back", () -> Resources.now().directMemory() - before.directMemory() < MEMORY);
            Wait.until(
                    "no thread is left that was not there before",
                    () -> Resources.now().threads().equals(before.threads()));
            assertThat(reference.faults()).isEmpty();
            assertThat(reference.seen()).isGreaterThan(10);
        } finally {
            reference.close();
            scene.close();
            write();
        }
    }

    private static void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| area | case | result | ms |", "|---|---|---|---|"));
        lines.addAll(ROWS);
        Files.write(Path.of("target", "survival.md"), lines);
    }

    @TestFactory
    Stream<DynamicTest> survives() {
        return Stream.of(
                        ProtocolCases.all(),
                        StrangerCases.all(),
                        ClockCases.all(),
                        MediaCases.all(),
                        LoadCases.all(),
                        SiteCases.all(),
                        HttpCases.all())
                .flatMap(List::stream)
                .filter(each -> (each.area() + ": " + each.name()).contains(System.getProperty("survival.case", "")))
                .map(each -> DynamicTest.dynamicTest(each.area() + ": " + each.name(), () -> survive(each)));
    }

    private static void survive(SurvivalCase each) throws Exception {
        long descriptors = Resources.now().descriptors();
        long start = System.nanoTime();
        String result = "failed";
        try {
            result = each.attack().run(scene);
        } finally {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            ROWS.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %d |",
                    each.area(),
                    each.name().replace("|", "\\|"),
                    result,
                    millis));
        }
        Wait.until(
                "its connections are gone",
                () -> scene.engine().endpoint(RtmpEndpoint.class).connections() == 1);
        Wait.until("its descriptors are closed", () -> Resources.now().descriptors() <= descriptors + FEW);
        assertThat(reference.faults()).as("the healthy stream's viewer").isEmpty();
    }
}
