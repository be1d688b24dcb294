// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which server is this cluster's, where nothing but its command line can be read. */
class PostgresProcessesTest {
    @TempDir
    private Path folder;

    @Test
    void aServerIsKnownByItsProgramAndItsCluster() throws Exception {
        Path cluster = Files.createDirectory(folder.resolve("cluster"));
        Path other = Files.createDirectory(folder.resolve("other"));
        PostgresProcesses processes = new PostgresProcesses(cluster);
        assertThat(processes.serves(List.of("/x/bin/postgres", "-D", cluster.toString(), "-p", "5")))
                .isTrue();
        assertThat(processes.serves(List.of("/x/bin/postgres", "-D", other.toString())))
                .isFalse();
        assertThat(processes.serves(List.of("/x/bin/postgres", cluster.toString())))
                .isFalse();
        assertThat(processes.serves(List.of("/bin/sleep", "-D", cluster.toString())))
                .isFalse();
        assertThat(processes.serves(List.of("postgres: checkpointer"))).isFalse();
        assertThat(processes.serves(List.of())).isFalse();
    }
}
