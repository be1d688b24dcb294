// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelaunchTest {
    private static boolean plain(String commandLine) {
        return plain(commandLine, Map.of());
    }

    private static boolean plain(String commandLine, Map<String, String> environment) {
        return Relaunch.isPlainStart(List.of(commandLine.split(" ")), environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java -jar engine.jar",
                "/usr/bin/java -jar /opt/engine/engine.jar --rtmp-port 1935",
                "java -Dlogback.configurationFile=x.xml --enable-native-access=ALL-UNNAMED -jar engine.jar",
                "java -jar engine.jar -Xmx192m",
            })
    void aJarWithoutOptionsIsAPlainStart(String commandLine) {
        assertThat(plain(commandLine)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java -Xmx192m -jar engine.jar",
                "java -XX:+UseZGC -jar engine.jar",
                "java -agentlib:jdwp=transport=dt_socket -jar engine.jar",
                "java -javaagent:agent.jar -jar engine.jar",
                "java @options -jar engine.jar",
            })
    void whoeverGivesAnOptionHasChosen(String commandLine) {
        assertThat(plain(commandLine)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void anOptionInTheEnvironmentIsOneAsWell(String variable) {
        assertThat(plain("java -jar engine.jar", Map.of(variable, "-Dx=y -Xmx1g")))
                .isFalse();
        assertThat(plain("java -jar engine.jar", Map.of(variable, " -Dx=y "))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java -cp classes live.millrace.media.server.standalone.EngineMain",
                "java -jar",
                "java",
            })
    void whatIsNoJarIsLeftAlone(String commandLine) {
        assertThat(plain(commandLine)).isFalse();
    }

    @Test
    void theJarOfAClassIsFoundAsLoadersWriteIt() {
        assertThat(Relaunch.jar("file:/opt/a%20b/engine.jar")).hasValue(Path.of("/opt/a b/engine.jar"));
        assertThat(Relaunch.jar("file:/opt/a b/engine.jar")).hasValue(Path.of("/opt/a b/engine.jar"));
        assertThat(Relaunch.jar("jar:nested:/opt/millrace.jar/!BOOT-INF/classes/!/"))
                .hasValue(Path.of("/opt/millrace.jar"));
        assertThat(Relaunch.jar("jar:file:/opt/millrace.jar!/BOOT-INF/classes!/"))
                .hasValue(Path.of("/opt/millrace.jar"));
        assertThat(Relaunch.jar("file:/opt/classes/")).isEmpty();
    }

    @Test
    void whatWasStartedAsClassesIsLeftAlone() {
        assertThat(Relaunch.unlessChosen(Relaunch.class, Machine::options)).isEmpty();
    }

    @Test
    void optionsStandBeforeAllOthersAndTheMarkBehindThem() {
        List<String> replaced = Relaunch.replaced(
                List.of("java", "-Da=b", "-jar", "engine.jar", "--flush", "realtime"), List.of("-XX:+UseSerialGC"));
        assertThat(replaced)
                .containsExactly(
                        "java",
                        "-XX:+UseSerialGC",
                        Relaunch.DONE,
                        "-Da=b",
                        "-jar",
                        "engine.jar",
                        "--flush",
                        "realtime");
    }

    @Test
    void argumentsAreKeptByteForByte() {
        byte[] commandLine = "java\0-jar\0ä ö.jar\0\0--x\0".getBytes(StandardCharsets.UTF_8);
        List<String> arguments = Relaunch.arguments(commandLine);
        assertThat(arguments).hasSize(5).contains("", "--x");
        assertThat(arguments.get(2).getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo("ä ö.jar".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fewProcessorsCollectInTurn() {
        assertThat(new Machine(2, 1L << 30).options()).contains("-XX:+UseSerialGC");
        assertThat(new Machine(4, 2L << 30).options()).doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void mediaHasHalfOfTheMemoryBesideTheHeap() {
        assertThat(new Machine(2, 4L << 30).engineOptions()).contains("-XX:MaxDirectMemorySize=2048m");
        assertThat(new Machine(2, 256L << 20).engineOptions()).contains("-XX:MaxDirectMemorySize=256m");
    }

    /** What is disabled first and what is said after all stand in this order: the last one counts. */
    @Test
    void runsWhatWasUnpackedWithItsCache() {
        assertThat(Relaunch.running(
                        List.of("java", "-XX:+A", "-jar", "/srv/site.jar", "--x"),
                        new PackedProgram.Unpacked(Path.of("/data/program/1/millrace.jar"), true),
                        List.of("-Dspring.aot.enabled=true")))
                .containsExactly(
                        "java",
                        "-Dspring.aot.enabled=true",
                        "-XX:AOTCache=/data/program/1/millrace.aot",
                        "-Xlog:disable",
                        "-Xlog:all=warning:stderr:uptime,level,tags",
                        "-Xlog:aot*=off:stderr",
                        "-XX:+A",
                        "-jar",
                        "/data/program/1/millrace.jar",
                        "--x");
    }
}
