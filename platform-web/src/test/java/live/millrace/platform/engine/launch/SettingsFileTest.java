// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

class SettingsFileTest {
    private static final String SAMPLE = """
            # What a package brings.
            millrace:
              data-dir: /var/lib/millrace   # here
              public-url: "https://live.example.org"
              http:
                port: 8081

              rtmp.port: 1935
            server:
              # By number.
              port: 8080
            spring:
              mail:
                host: smtp.example.org
                username: 'a b#c'
            logging.level.root: info
            """;

    @TempDir
    Path here;

    @Test
    void namesAreJoinedAndValuesAreAsTheyStand() {
        assertThat(SettingsFile.settings(SAMPLE))
                .containsExactly(
                        Map.entry("millrace.data-dir", "/var/lib/millrace"),
                        Map.entry("millrace.public-url", "https://live.example.org"),
                        Map.entry("millrace.http.port", "8081"),
                        Map.entry("millrace.rtmp.port", "1935"),
                        Map.entry("server.port", "8080"),
                        Map.entry("spring.mail.host", "smtp.example.org"),
                        Map.entry("spring.mail.username", "a b#c"),
                        Map.entry("logging.level.root", "info"));
        assertThat(SettingsFile.settings("")).isEmpty();
        assertThat(SettingsFile.settings("# a\n\n  # b\n")).isEmpty();
        assertThat(SettingsFile.settings("a:\nb: c\n")).containsExactly(Map.entry("a", ""), Map.entry("b", "c"));
        assertThat(SettingsFile.settings("a: true\nb: 10s\nc: 0.0.0.0\nd: ../e\n"))
                .containsExactly(
                        Map.entry("a", "true"),
                        Map.entry("b", "10s"),
                        Map.entry("c", "0.0.0.0"),
                        Map.entry("d", "../e"));
        assertThat(SettingsFile.settings("a: b: c\n")).isNull();
        assertThat(SettingsFile.settings("a: b#c d\r\n")).containsExactly(Map.entry("a", "b#c d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:\n  - b\n",
                "a: [b]\n",
                "a: {b: c}\n",
                "a: |\n  b\n",
                "a: >-\n  b: c\n",
                "a: &x b\n",
                "a: *x\n",
                "a: !!str b\n",
                "a: \"b\\nc\"\n",
                "a: \"b\n",
                "a: 'it''s'\n",
                "a: b\n  c\n",
                "a: b\n  c: d\n",
                "a:\n    b: c\n  d: e\n",
                "  a: b\nc: d\n",
                "a: b\na: c\n",
                "a:\n  b: c\na:\n  d: e\n",
                "---\na: b\n",
                "a: b\n---\nspring.profiles.active: x\n",
                "? a\n: b\n",
                "\"a\": b\n",
                "<<: b\n",
                "a:\tb\n",
                "a: 010\n",
                "a: 1:30\n",
                "a: 1e3\n",
                "a: 1_000\n",
                "a: 0x1f\n",
                "a: 2.50\n",
                "a: 2026-11-27\n",
                "a: yes\n",
                "a: Null\n",
                "on: a\n",
                "# a\u2028spring.profiles.active: x\n",
                "# a\u0085spring.profiles.active: x\n",
                "a\n"
            })
    void whateverElseYamlKnowsIsNotUnderstood(String text) {
        assertThat(SettingsFile.settings(text)).isNull();
    }

    @Test
    void aFileIsFoundAsSpringIsToldIt() throws IOException {
        Path file = Files.writeString(here.resolve("a.yml"), "a: b\n");
        Map<String, String> settings = Map.of("a", "b");
        assertThat(SettingsFile.read(here, "a.yml")).isEqualTo(settings);
        assertThat(SettingsFile.read(here, file.toString())).isEqualTo(settings);
        assertThat(SettingsFile.read(here, "file:" + file)).isEqualTo(settings);
        assertThat(SettingsFile.read(here, "optional:file:" + file)).isEqualTo(settings);
        for (String other :
                List.of("b.yml", "classpath:a.yml", "a.yml;b.yml", "a.yml,b.yml", "*.yml", "a.properties")) {
            assertThat(SettingsFile.read(here, other)).as(other).isNull();
        }
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThat(SettingsFile.read(here, "a.yml")).isNull();
        Files.writeString(file, "#".repeat(70_000));
        assertThat(SettingsFile.read(here, "a.yml")).isNull();
    }

    /** What is understood, Spring understands the same way: a file with any few characters changed is either. */
    @Test
    void nothingIsUnderstoodInAnotherWayThanSpringDoes() throws IOException {
        String characters = " \n:#'\"-a\t[{|>&*!%@,?~.\r\u2028";
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(SAMPLE);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, characters.charAt(random.nextInt(characters.length())));
                    default -> text.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
                }
            }
            Map<String, String> settings = SettingsFile.settings(text.toString());
            if (settings != null) {
                understood++;
                Map<String, String> expected = springs(text.toString());
                if (expected != null) {
                    assertThat(settings).as("seed %s: %s", seed, text).isEqualTo(expected);
                }
            }
        }
        assertThat(understood).isGreaterThan(1_000);
    }

    /** Null for a file that Spring refuses: the site does not start with it, whatever it was taken for. */
    private static Map<String, String> springs(String text) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        try {
            for (PropertySource<?> source : new YamlPropertySourceLoader()
                    .load("a", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))) {
                for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                    settings.put(name, String.valueOf(source.getProperty(name)));
                }
            }
        } catch (RuntimeException refused) {
            return null;
        }
        return settings;
    }
}
