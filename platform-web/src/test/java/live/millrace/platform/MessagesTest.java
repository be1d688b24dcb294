// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.MessagePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
import live.millrace.platform.shared.SiteMessages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        // Signs alone are those of the language, without a letter.
        assertThat(chinese.stringPropertyNames())
                .filteredOn(key -> chinese.getProperty(key).codePoints().anyMatch(Character::isLetter))
                .allMatch(key -> chinese.getProperty(key)
                        .codePoints()
                        .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN));
    }

    /** The same arguments in both languages, however deep they stand. */
    @Test
    void placeholdersAgree() throws IOException {
        Properties english = english();
        Properties chinese = chinese();
        for (String key : english.stringPropertyNames()) {
            Set<String> one = arguments(english.getProperty(key));
            Set<String> other = arguments(chinese.getProperty(key));
            // A language with one form of plural may leave out the number that chooses it.
            Set<String> choosing = choosing(english.getProperty(key));
            one.removeAll(choosing);
            other.removeAll(choosing);
            assertThat(other).as(key).isEqualTo(one);
        }
    }

    private static Set<String> arguments(String text) {
        return found("\\{(\\d)[,}]", text);
    }

    private static Set<String> choosing(String text) {
        return found("\\{(\\d), plural,", text);
    }

    private static Set<String> found(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** A straight apostrophe is a sign of the grammar, and a form for "other" is one that every language has. */
    @Test
    void everyTextIsOfTheGrammar() throws IOException {
        for (Properties texts : List.of(english(), chinese())) {
            texts.forEach((key, text) -> {
                assertThat(text.toString()).as("%s", key).doesNotContain("'");
                assertThat(new MessagePattern(text.toString()).countParts())
                        .as("%s", key)
                        .isPositive();
            });
        }
    }

    /** Counted one by one, as people read them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            decisions.strikes   | 1 | 1 active strike, until X.                 | 有效违规 1 次，最近一次 X 到期。
            decisions.strikes   | 2 | 2 active strikes, the latest until X.     | 有效违规 2 次，最近一次 X 到期。
            admin.strikes.count | 1 | 1 active strike                           | 1 次有效违规
            admin.strikes.count | 5 | 5 active strikes                          | 5 次有效违规
            admin.bulk          | 0 | None selected                             | 未选择
            admin.bulk          | 2 | X selected                                | 已选 X 项
            home.viewers        | 1 | X viewer                                  | X 人在看
            home.viewers        | 0 | X viewers                                 | X 人在看
            channel.followers   | 1 | X follower                                | X 位粉丝
            channel.followers   | 5 | X followers                               | X 位粉丝
            channel.peak        | 1 | Peak: X viewer                            | 最高 X 人同时在看
            channel.peak        | 2 | Peak: X viewers                           | 最高 X 人同时在看
            privacy.days        | 1 | 1 day                                     | 1 天
            admin.days          | 5 | 5 days                                    | 5 天
            admin.invite.left   | 1 | 1 use left, valid until X                 | 还可使用 1 次，有效期至 X
            """)
    void aTextCounts(String key, int number, String inEnglish, String inChinese) throws IOException {
        SiteMessages messages = messages();
        Object[] arguments = {number, "X"};
        assertThat(messages.getMessage(key, arguments, Locale.ENGLISH)).isEqualTo(inEnglish);
        assertThat(messages.getMessage(key, arguments, Locale.SIMPLIFIED_CHINESE))
                .isEqualTo(inChinese);
    }

    /** Whatever the number, something is said. */
    @Test
    void everyPluralSaysSomethingOfEveryNumber() throws IOException {
        SiteMessages messages = messages();
        for (String key : english().stringPropertyNames()) {
            if (english().getProperty(key).contains(", plural,")) {
                for (int number : List.of(0, 1, 2, 5)) {
                    for (Locale locale : List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)) {
                        assertThat(messages.getMessage(key, new Object[] {number, number, number}, locale))
                                .as("%s of %d", key, number)
                                .isNotBlank()
                                .doesNotContain("{");
                    }
                }
            }
        }
    }

    private static SiteMessages messages() throws IOException {
        SiteMessages messages = new SiteMessages();
        messages.setBasenames(SiteTexts.english().keySet().stream()
                .map(feature -> "messages/" + feature)
                .toArray(String[]::new));
        return messages;
    }

    /** A text that counts is asked for with its number: without one a page would show the pattern. */
    @Test
    void noPageShowsAPattern() throws IOException {
        Properties english = english();
        Set<String> bare = new TreeSet<>();
        collect(
                MAIN.resolve("resources/templates"),
                ".html",
                Pattern.compile("#\\{([a-z][A-Za-z0-9._-]*)}|messages\\.msg\\('([a-zA-Z.-]+)'\\)"),
                bare);
        assertThat(bare).hasSizeGreaterThan(100);
        assertThat(bare).noneMatch(key -> english.getProperty(key, "").contains(", plural,"));
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
