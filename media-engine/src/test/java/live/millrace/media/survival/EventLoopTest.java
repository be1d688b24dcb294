// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No task of an event loop takes more than 100 ms, whatever a peer sends. Leak detection is off: it costs fifty times the work. */
class EventLoopTest {
    @TempDir
    private Path directory;

    @Test
    void noCaseHoldsAnEventLoopUp() throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try (Scene scene = new Scene(directory)) {
            List<SurvivalCase> cases = Stream.of(ProtocolCases.all(), ClockCases.all(), MediaCases.all())
                    .flatMap(List::stream)
                    .toList();
            // The first round warms the code up: a compiler at work is no task of ours.
            for (int round = 0; round < 2; round++) {
                long before = scene.engine().loopStalls();
                for (SurvivalCase each : cases) {
                    each.attack().run(scene);
                }
                if (round == 1) {
                    assertThat(scene.engine().loopStalls() - before).isZero();
                }
            }
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }
}
