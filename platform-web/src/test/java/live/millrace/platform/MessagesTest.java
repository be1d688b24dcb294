// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/** Every text in both languages, and every key that a page or a class uses. */
class MessagesTest {
    private static final Path MAIN = Path.of("src/main");
    private static final Path MODULES = MAIN.resolve("java/live/millrace/platform");
    private static final Pattern IN_TEMPLATES =
            Pattern.compile("#\\{([a-z][A-Za-z0-9._-]*[A-Za-z0-9_])[\\s}(]|messages\\.msg\\('([a-z.]+)'");
    private static final Pattern IN_CODE = Pattern.compile("\"\\{?((?:account|studio|security)\\.[a-z][a-z.-]+)}?\"");

    /** What a bundle says of itself in its first line. */
    private static final String PREFIXES = "# Prefixes: ";

    private static Properties english() throws IOException {
        return SiteTexts.all(SiteTexts.english());
    }

    private static Properties chinese() throws IOException {
        return SiteTexts.all(SiteTexts.chinese());
    }

    @Test
    void bothLanguagesHaveTheSameKeysInTheSameBundles() throws IOException {
        assertThat(keys(SiteTexts.chinese())).isEqualTo(keys(SiteTexts.english()));
    }

    private static Map<String, Set<String>> keys(Map<String, Properties> bundles) {
        Map<String, Set<String>> keys = new TreeMap<>();
        bundles.forEach((feature, texts) -> keys.put(feature, new TreeSet<>(texts.stringPropertyNames())));
        return keys;
    }

    @Test
    void everyBundleIsOfAFeatureAndTheSiteReadsIt() throws IOException {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource(MAIN.resolve("resources/application.yml")));
        String read = Objects.requireNonNull(yaml.getObject()).getProperty("spring.messages.basename");
        Set<String> features = SiteTexts.english().keySet();
        assertThat(read.split(",\\s*"))
                .containsExactlyInAnyOrderElementsOf(
                        features.stream().map(feature -> "messages/" + feature).toList());
        assertThat(features).allMatch(feature -> Files.isDirectory(MODULES.resolve(feature)));
    }

    @Test
    void aKeyStandsInTheOneBundleThatDeclaresItsPrefix() throws IOException {
        Map<String, String> owners = new TreeMap<>();
        for (String feature : SiteTexts.english().keySet()) {
            for (String prefix : declared(feature + ".properties")) {
                assertThat(owners.put(prefix, feature)).as(prefix).isNull();
            }
            assertThat(declared(feature + "_zh_CN.properties")).isEqualTo(declared(feature + ".properties"));
        }
        SiteTexts.english()
                .forEach((feature, texts) -> assertThat(texts.stringPropertyNames())
                        .allSatisfy(key -> assertThat(owners.get(key.substring(0, key.indexOf('.'))))
                                .as(key)
                                .isEqualTo(feature)));
    }

    private static List<String> declared(String bundle) throws IOException {
        String first = Files.readAllLines(SiteTexts.BUNDLES.resolve(bundle)).getFirst();
        assertThat(first).as(bundle).startsWith(PREFIXES);
        return List.of(first.substring(PREFIXES.length()).split(", "));
    }

    @Test
    void noChineseTextIsEnglish() throws IOException {
        Properties chinese = chinese();
        assertThat(chinese.stringPropertyNames())
                .allMatch(key -> chinese.getProperty(key)
                        .codePoints()
                        .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN));
    }

    @Test
    void placeholdersAgree() throws IOException {
        Properties english = english();
        Properties chinese = chinese();
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
        assertThat(english().stringPropertyNames()).containsAll(used);
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
