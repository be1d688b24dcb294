// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.testing.EngineConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The engine that stands alone, with keys from its settings. */
class StandaloneConformanceTest extends EngineConformance {
    @TempDir
    private static Path directory;

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static StandaloneEngine engine;

    @BeforeAll
    static void start() {
        List<EngineFile.Key> keys = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            keys.add(new EngineFile.Key("alone-" + i, "secret-of-" + i, null, null));
        }
        engine = new StandaloneEngine(() -> TestSettings.of(directory, new EngineFile.Publish(false, keys), null));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Override
    protected int rtmpPort() {
        return engine.engine().port("rtmp");
    }

    @Override
    protected int httpPort() {
        return engine.engine().port("http");
    }

    @Override
    protected Ticket ticket() {
        int number = NAMES.incrementAndGet();
        return new Ticket("alone-" + number, "secret-of-" + number);
    }
}
