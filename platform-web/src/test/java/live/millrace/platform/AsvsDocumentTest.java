// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents of security name is there, and every requirement that they promise to answer has its line. */
class AsvsDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCUMENTS = ROOT.resolve("docs").resolve("security");

    /** Level 1 of OWASP ASVS 5.0.0. */
    private static final String LEVEL_1 = """
            1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3
            4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
            7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5
            11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1""";

    /** Level 2 of files, authentication, sessions and authorisation. */
    private static final String LEVEL_2 = """
            5.1.1 5.2.3 5.4.1 5.4.2 5.4.3 6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4
            6.5.5 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
            8.1.2 8.2.3 8.4.1""";

    private static final Pattern ROW = Pattern.compile("^\\| (\\d+\\.\\d+\\.\\d+) \\| ([123]) \\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TEST_CLASS = Pattern.compile("[A-Z][A-Za-z0-9]+(?:Test|IT)");
    private static final Pattern FILE = Pattern.compile("[A-Za-z][A-Za-z0-9-]*(?:/[A-Za-z0-9._-]+)+");

    private static final List<Path> PLACES = List.of(
            ROOT,
            ROOT.resolve("platform-web/src/main/java/live/millrace/platform"),
            ROOT.resolve("platform-web/src/main/resources"),
            ROOT.resolve("media-engine/src/main/java/live/millrace/media"),
            ROOT.resolve("frontend"),
            ROOT.resolve("frontend/src"));

    private static Set<String> numbers(String list) {
        return Set.of(list.strip().split("\\s+"));
    }

    private static Set<String> testClasses() throws IOException {
        try (Stream<Path> site = Files.walk(Path.of("src/test/java"));
                Stream<Path> engine = Files.walk(ROOT.resolve("media-engine/src/test/java"))) {
            return Stream.concat(site, engine)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    private static boolean there(String file) {
        return PLACES.stream()
                .anyMatch(place -> Files.exists(place.resolve(file)) || Files.exists(place.resolve(file + ".java")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"asvs.md", "rules.md"})
    void everyTestAndFileThatADocumentNamesIsThere(String document) throws IOException {
        String text = Files.readString(DOCUMENTS.resolve(document));
        Set<String> tests = testClasses();
        List<String> missing = new ArrayList<>();
        Matcher named = CODE.matcher(text);
        while (named.find()) {
            String code = named.group(1);
            if (TEST_CLASS.matcher(code).matches()
                    ? !tests.contains(code)
                    : FILE.matcher(code).matches() && !there(code)) {
                missing.add(code);
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyRequirementHasOneLine() throws IOException {
        String text = Files.readString(DOCUMENTS.resolve("asvs.md"));
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        ROW.matcher(text).results().forEach(row -> (row.group(2).equals("1") ? first : second).add(row.group(1)));
        assertThat(first).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(numbers(LEVEL_1));
        assertThat(second).doesNotHaveDuplicates().containsAll(numbers(LEVEL_2));
        assertThat(Arrays.stream(text.split("\n")).filter(line -> line.matches("\\| \\d+\\.\\d+\\.\\d+ .*")))
                .as("five columns")
                .allMatch(line -> line.chars().filter(letter -> letter == '|').count() == 6);
    }
}
