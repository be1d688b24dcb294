// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.engine.EngineSettings;
import org.junit.jupiter.api.Test;

/** The README tells of every setting. */
class ManualTest {
    @Test
    void theReadmeNamesEverySettingOfTheEngine() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        List<String> missing = new ArrayList<>();
        collect(EngineSettings.class, "millrace.", readme, missing);
        assertThat(missing).isEmpty();
        assertThat(readme)
                .contains(
                        "`millrace.data-dir`",
                        "`millrace.public-url`",
                        "`millrace.ffmpeg.path`",
                        "`millrace.mail.from`",
                        "`server.port`",
                        "`spring.datasource.url`");
    }

    private static void collect(Class<?> type, String prefix, String readme, List<String> missing) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name =
                    prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(component.getType(), name + ".", readme, missing);
            } else if (!readme.contains("`" + name + "`")) {
                missing.add(name);
            }
        }
    }
}
