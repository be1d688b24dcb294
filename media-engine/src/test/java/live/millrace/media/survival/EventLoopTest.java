// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** No task of an event loop takes more than 100 ms, whatever a peer sends. Leak detection is off: it costs fifty times the work. */
class EventLoopTest {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoopTest.class);
    /** The cases wait for most of their time. */
    private static final int SIDE_BY_SIDE = 4;

    @TempDir
    private Path directory;

    @Test
    void noCaseHoldsAnEventLoopUp() throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            List<SurvivalCase> cases = Stream.of(ProtocolCases.all(), ClockCases.all(), MediaCases.all())
                    .flatMap(List::stream)
                    .toList();
            warmUp(cases);
            try (Scene scene = new Scene(directory.resolve("measured"))) {
                long before = scene.engine().loopStalls();
                for (SurvivalCase each : cases) {
                    each.attack().run(scene);
                }
                assertThat(scene.engine().loopStalls() - before).isZero();
            }
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    /** A compiler at work is no task of ours. Nobody measures here, so engines do it side by side, each with its share of the cases. */
    private void warmUp(List<SurvivalCase> cases) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
            List<Callable<Void>> shares = new ArrayList<>();
            for (int i = 0; i < SIDE_BY_SIDE; i++) {
                int share = i;
                shares.add(() -> {
                    try (Scene scene = new Scene(directory.resolve("warm-" + share))) {
                        for (int at = share; at < cases.size(); at += SIDE_BY_SIDE) {
                            warmUp(cases.get(at), scene);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(shares)) {
                done.get();
            }
        }
    }

    private static void warmUp(SurvivalCase each, Scene scene) throws Exception {
        try {
            each.attack().run(scene);
        } catch (AssertionError besideOthers) {
            // Memory is that of the whole process, in which others are at work. What is really wrong is so below as
            // well.
            LOG.debug("{} beside others", each, besideOthers);
        }
    }
}
