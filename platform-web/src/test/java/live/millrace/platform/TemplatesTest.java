// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Templates are read by people, in reviews above all. */
class TemplatesTest {
    private static final Path TEMPLATES = Path.of("src/main/resources/templates");
    /** An expression that cannot be broken may need as much; beyond it nobody sees what changed. */
    private static final int MAX_CHARS = 160;

    @Test
    void noLineIsTooLongToReview() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".html")).toList()) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).length() > MAX_CHARS) {
                        tooLong.add(TEMPLATES.relativize(file) + ":" + (i + 1));
                    }
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }
}
