// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineSizesTest {
    private static final long HASH = 19L << 20;

    @ParameterizedTest
    @CsvSource({
        // processors, MB, connections, of the server, MB of buffers
        "1, 512, 10, 50, 32",
        "1, 1024, 10, 50, 64",
        "2, 2048, 16, 56, 128",
        "4, 4096, 24, 64, 256",
        "8, 16384, 32, 72, 1024",
        "32, 65536, 32, 72, 1024",
        // Many processors of a small container, few of a large one.
        "32, 1024, 10, 50, 64",
        "1, 65536, 12, 52, 1024",
    })
    void theDatabaseIsAsLargeAsTheMachine(int processors, long megabytes, int pool, int server, long buffers) {
        MachineSizes machine = new MachineSizes(processors, megabytes << 20);
        assertThat(machine.pool()).isEqualTo(pool);
        assertThat(machine.serverConnections()).isEqualTo(server);
        assertThat(machine.serverBufferBytes()).isEqualTo(buffers << 20);
    }

    @ParameterizedTest
    @CsvSource({
        // processors, MB of heap, passwords at a time
        "1, 192, 1",
        "1, 8192, 1",
        "2, 512, 1",
        "4, 1024, 2",
        "8, 4096, 4",
        "32, 8192, 4",
        "32, 256, 1",
        "8, 512, 3",
    })
    void passwordsNeitherFillTheHeapNorTakeTheProcessors(int processors, long heap, int hashes) {
        assertThat(new MachineSizes(processors, 1L << 40).hashes(heap << 20, HASH))
                .isEqualTo(hashes);
    }
}
