// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlySettingsTest {
    @TempDir
    Path here;

    private EarlySettings early(Map<String, String> environment, String... args) {
        return EarlySettings.of(args, new Properties(), environment, here);
    }

    @Test
    void theProgramLiesInTheDataDirectory() {
        assertThat(early(Map.of()).programs()).isEqualTo(here.resolve("data/program"));
        assertThat(early(Map.of("MILLRACE_DATA_DIR", "/srv/a")).programs()).isEqualTo(Path.of("/srv/a/program"));
        assertThat(early(Map.of("MILLRACE_DATADIR", "/srv/a")).programs()).isEqualTo(Path.of("/srv/a/program"));
        assertThat(early(Map.of("MILLRACE_DATA_DIR", "/srv/a"), "--millrace.data-dir=b")
                        .programs())
                .isEqualTo(here.resolve("b/program"));
        assertThat(early(Map.of("SPRING_MAIL_HOST", "smtp.example.org")).programs())
                .isEqualTo(here.resolve("data/program"));
    }

    @Test
    void aSystemPropertyStandsBeforeAVariable() {
        Properties system = new Properties();
        system.setProperty("millrace.data-dir", "c");
        assertThat(EarlySettings.of(new String[0], system, Map.of("MILLRACE_DATA_DIR", "/srv/a"), here)
                        .programs())
                .isEqualTo(here.resolve("c/program"));
    }

    @Test
    void nowhereIfConfigurationMayNameAnother() throws IOException {
        assertThat(early(Map.of("SPRING_APPLICATION_JSON", "{}")).programs()).isNull();
        assertThat(early(Map.of("SPRING_APPLICATION_JSON", "{}", "MILLRACE_DATA_DIR", "/srv/a"))
                        .programs())
                .isNull();
        assertThat(early(Map.of(), "--spring.config.location=x.yml").programs()).isNull();
        assertThat(early(Map.of(), "--millrace.data-dir=a:b").programs()).isNull();
        assertThat(early(Map.of(), "--millrace.data-dir=${HOME}/b").programs()).isNull();
        Files.createFile(here.resolve("application.yml"));
        assertThat(early(Map.of()).programs()).isNull();
        assertThat(early(Map.of(), "--millrace.data-dir=b").programs()).isEqualTo(here.resolve("b/program"));
        assertThat(early(Map.of(), "--millrace.data-dir=b").beansAsBuilt()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--millrace.rtmp.port=1",
                "--server.port=80",
                "--server.ssl.bundle=site",
                "--spring.mail.host=smtp.example.org",
                "--spring.ssl.bundle.pem.site.reload-on-update=true",
                "--logging.level.root=debug"
            })
    void settingsOfValuesLeaveTheBeansAsBuilt(String arg) {
        assertThat(early(Map.of("PATH", "/bin", "LANG", "C"), arg).beansAsBuilt())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.datasource.url=jdbc:postgresql://db/millrace",
                "--millrace.styleguide=true",
                "--management.server.port=9000",
                "--server.forward-headers-strategy=framework",
                "--spring.mail.test-connection=true",
                "--spring.threads.virtual.enabled=true",
                "--spring.profiles.active=x"
            })
    void settingsThatDecideAboutBeansDoNot(String arg) {
        assertThat(early(Map.of(), arg).beansAsBuilt()).isFalse();
    }

    @Test
    void variablesCountAsWell() {
        assertThat(early(Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://db/millrace"))
                        .beansAsBuilt())
                .isFalse();
    }

    @Test
    void aSimpleFileThatIsNamedIsRead() throws IOException {
        Path file = Files.writeString(here.resolve("site.yml"), "millrace:\n  data-dir: /srv/a\nserver:\n  port: 80\n");
        EarlySettings early = early(Map.of(), "--spring.config.additional-location=file:" + file);
        assertThat(early.beansAsBuilt()).isTrue();
        assertThat(early.programs()).isEqualTo(Path.of("/srv/a/program"));
        assertThat(early(Map.of("MILLRACE_DATA_DIR", "/srv/b"), "--spring.config.additional-location=" + file)
                        .programs())
                .isEqualTo(Path.of("/srv/b/program"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring:\n  datasource:\n    url: jdbc:postgresql://db/millrace\n",
                "spring.datasource.url: jdbc:postgresql://db/millrace\n",
                "spring:\n  config:\n    import: other.yml\n",
                "server:\n  servlet:\n    context-path: /a\n",
                "a:\n  - list\n"
            })
    void aFileThatDecidesAboutBeansOrIsNotUnderstoodDoesNot(String text) throws IOException {
        Path file = Files.writeString(here.resolve("site.yml"), text);
        assertThat(early(Map.of(), "--spring.config.additional-location=file:" + file)
                        .beansAsBuilt())
                .isFalse();
    }

    @Test
    void fromSeveralSourcesNothingIsKnown() throws IOException {
        Path file = Files.writeString(here.resolve("site.yml"), "server.port: 80\n");
        String named = "--spring.config.additional-location=file:" + file;
        assertThat(early(Map.of("SPRING_PROFILES_ACTIVE", "x"), named).beansAsBuilt())
                .isFalse();
        assertThat(early(Map.of(), named, named).beansAsBuilt()).isFalse();
        assertThat(early(Map.of(), named + ",b.yml").beansAsBuilt()).isFalse();
        assertThat(early(Map.of(), "--spring.config.additional-location=file:" + here.resolve("none.yml"))
                        .beansAsBuilt())
                .isFalse();
    }
}
