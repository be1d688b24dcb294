// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.platform.doctor.Finding.State;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.shared.SiteMessages;
import org.junit.jupiter.api.Test;

/** Whatever a check can find, there are words for it. */
class FindingTextsTest {
    private static final Path CHECKS = Path.of("src/main/java/live/millrace/platform/doctor");
    private static final Pattern FINDING =
            Pattern.compile("Finding\\.(?:good|note|bad)\\(\\s*Subject\\.(\\w+),\\s*\"([\\w.]+)\"");

    private final SiteMessages texts = new SiteMessages();

    FindingTextsTest() {
        texts.setBasename("messages/doctor");
    }

    @Test
    void everyFindingHasItsWords() throws IOException {
        try (Stream<Path> files = Files.list(CHECKS)) {
            List<Finding> findings = files.flatMap(FindingTextsTest::findings).toList();
            assertThat(findings).hasSizeGreaterThan(30);
            for (Finding finding : findings) {
                for (Locale language : List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)) {
                    assertThat(finding.text(texts, language)).isNotBlank();
                    assertThat(finding.title(texts, language)).isNotBlank();
                }
            }
        }
    }

    private static Stream<Finding> findings(Path file) {
        try {
            return FINDING.matcher(Files.readString(file))
                    .results()
                    .map(found -> new Finding(
                            State.NOTE,
                            Subject.valueOf(found.group(1)),
                            "doctor." + found.group(1).toLowerCase(Locale.ROOT) + "." + found.group(2),
                            List.of(1, 2, 3)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
