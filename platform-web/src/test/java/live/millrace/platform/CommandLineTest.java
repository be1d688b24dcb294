// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.launch.ProcessOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private int run(String... args) {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return CommandLine.run(out, out, args);
    }

    private String said() {
        String words = said.toString(StandardCharsets.UTF_8);
        said.reset();
        return words;
    }

    private String[] settings(TestDatabase.Place place, String data, String... task) {
        return java.util.stream.Stream.concat(
                        java.util.Arrays.stream(task),
                        java.util.stream.Stream.of(
                                "--spring.datasource.url=" + place.url(),
                                "--spring.datasource.username=" + place.username(),
                                "--spring.datasource.password=" + place.password(),
                                "--server.port=0",
                                "--millrace.rtmp.port=0",
                                "--millrace.rtsp.port=0",
                                "--millrace.srt.port=0",
                                "--millrace.webrtc.port=0",
                                "--millrace.http.port=0",
                                "--millrace.data-dir=" + folder.resolve(data)))
                .toArray(String[]::new);
    }

    @Test
    void aWordBeforeAllOptionsIsATask() {
        assertThat(ProcessOptions.isTask("backup", "--to", "x")).isTrue();
        assertThat(ProcessOptions.isTask("--server.port=1")).isFalse();
        assertThat(ProcessOptions.isTask()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bakcup --to a.zip",
                "backup",
                "backup --to",
                "backup --to --millrace.data-dir=x",
                "backup a.zip",
                "backup --from a.zip",
                "restore --check",
                "doctor now"
            })
    void whatIsNoTaskIsExplained(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(said()).contains("backup --to FILE");
    }

    @Test
    void aSiteIsTakenLookedAtAndPutBack() throws Exception {
        TestDatabase.Place site = TestDatabase.fresh();
        TestDatabase.Place other = TestDatabase.empty();
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/some.key"), "secret");
        String archive = folder.resolve("site.zip").toString();
        assertThat(run(settings(site, "data", "backup", "--to", archive))).isZero();
        assertThat(said()).contains("Written: " + archive).contains("1 files");
        assertThat(run(settings(site, "data", "backup", "--to=" + archive))).isEqualTo(1);
        assertThat(said()).contains("exists");
        assertThat(run(settings(other, "elsewhere", "restore", "--from", archive)))
                .isZero();
        assertThat(folder.resolve("elsewhere/some.key")).hasContent("secret");
        assertThat(run(settings(other, "elsewhere", "restore", "--from", archive + "x")))
                .isEqualTo(1);
        assertThat(run(settings(other, "elsewhere", "doctor"))).isZero();
    }

    @Test
    void whereNothingIsThereIsNothingToTake() {
        String archive = folder.resolve("site.zip").toString();
        assertThat(run("backup", "--to", archive, "--millrace.data-dir=" + folder.resolve("none")))
                .isEqualTo(1);
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(folder.resolve("site.zip")).doesNotExist();
    }

    @Test
    void theDoctorFindsWhatIsWrong() throws Exception {
        TestDatabase.Place site = TestDatabase.fresh();
        assertThat(run(settings(site, "data", "doctor", "--millrace.public-url=nonsense")))
                .isEqualTo(1);
        assertThat(said())
                .startsWith("Looking.")
                .contains("BAD   Address")
                .contains("Give it like https://")
                .contains("Versions");
        Files.createDirectories(folder.resolve("data"));
        Files.createFile(
                folder.resolve("data/some.key"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--")));
        assertThat(run(settings(site, "data", "doctor"))).isEqualTo(1);
        assertThat(said()).contains("BAD   Secrets").contains("some.key").contains("1 to mend");
    }
}
