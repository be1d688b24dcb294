// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessOptionsTest {
    @TempDir
    Path here;

    private Path programs(Map<String, String> environment, String... args) {
        return ProcessOptions.programs(args, environment, here);
    }

    @Test
    void theProgramLiesInTheDataDirectory() {
        assertThat(programs(Map.of())).isEqualTo(here.resolve("data/program"));
        assertThat(programs(Map.of("MILLRACE_DATA_DIR", "/srv/a"))).isEqualTo(Path.of("/srv/a/program"));
        assertThat(programs(Map.of("MILLRACE_DATA_DIR", "/srv/a"), "--millrace.data-dir=b"))
                .isEqualTo(here.resolve("b/program"));
    }

    @Test
    void nowhereIfConfigurationMayNameAnother() throws IOException {
        assertThat(programs(Map.of("SPRING_APPLICATION_JSON", "{}"))).isNull();
        assertThat(programs(Map.of(), "--spring.config.location=x.yml")).isNull();
        Files.createFile(here.resolve("application.yml"));
        assertThat(programs(Map.of())).isNull();
    }
}
