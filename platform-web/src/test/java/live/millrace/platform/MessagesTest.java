// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.Test;

/** Every text in both languages, and every key that a page or a class uses. */
class MessagesTest {
    private static final Path MAIN = Path.of("src/main");
    private static final Pattern IN_TEMPLATES =
            Pattern.compile("#\\{([a-z][A-Za-z0-9._-]*[A-Za-z0-9_])[\\s}(]|messages\\.msg\\('([a-z.]+)'");
    private static final Pattern IN_CODE = Pattern.compile("\"\\{?((?:account|studio|security)\\.[a-z][a-z.-]+)}?\"");

    private static Properties bundle(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = MessagesTest.class.getResourceAsStream("/" + name)) {
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return properties;
    }

    @Test
    void bothLanguagesHaveTheSameKeys() throws IOException {
        assertThat(new TreeSet<>(bundle("messages_zh_CN.properties").stringPropertyNames()))
                .isEqualTo(new TreeSet<>(bundle("messages.properties").stringPropertyNames()));
    }

    @Test
    void noChineseTextIsEnglish() throws IOException {
        Properties chinese = bundle("messages_zh_CN.properties");
        assertThat(chinese.stringPropertyNames())
                .allMatch(key -> chinese.getProperty(key)
                        .codePoints()
                        .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN));
    }

    @Test
    void placeholdersAgree() throws IOException {
        Properties english = bundle("messages.properties");
        Properties chinese = bundle("messages_zh_CN.properties");
        for (String key : english.stringPropertyNames()) {
            assertThat(placeholders(chinese.getProperty(key)))
                    .as(key)
                    .isEqualTo(placeholders(english.getProperty(key)));
        }
    }

    private static Set<String> placeholders(String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\{\\d}").matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    @Test
    void everyKeyThatIsUsedExists() throws IOException {
        Set<String> used = new TreeSet<>();
        collect(MAIN.resolve("resources/templates"), ".html", IN_TEMPLATES, used);
        collect(MAIN.resolve("java"), ".java", IN_CODE, used);
        for (Refusal refusal : Refusal.values()) {
            used.add("studio.cause." + refusal);
        }
        assertThat(used).hasSizeGreaterThan(100);
        assertThat(bundle("messages.properties").stringPropertyNames()).containsAll(used);
    }

    private static void collect(Path folder, String ending, Pattern pattern, Set<String> into) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    into.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
                }
            }
        }
    }
}
