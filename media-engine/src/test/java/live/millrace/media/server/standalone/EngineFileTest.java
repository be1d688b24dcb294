// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import live.millrace.media.callback.CallbackContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code engine.yml} says, and what it is told when it says too much. */
class EngineFileTest {
    @TempDir
    private Path directory;

    private EngineFile read(String text) throws IOException {
        return EngineFile.read(Files.writeString(directory.resolve("engine.yml"), text));
    }

    @Test
    void everythingCanBeWritten() throws Exception {
        EngineFile file = read("""
                bind: 127.0.0.1
                data-dir: /tmp/x
                drain: 10s
                transport: nio
                rtmp:
                  port: 1936
                  grace: 2m
                  silence-timeout: 8s
                  max-connections: 5
                  max-connections-per-address: 4
                  refusals-per-minute: 3
                  silent-audio: true
                http: {port: 8082, max-connections: 6}
                hls: {segments: 8}
                api: {host: 0.0.0.0, port: 9000, token: sixteen-characters, open-statistics: true}
                publish:
                  anonymous: false
                  keys:
                    - {channel: anna, key: a-long-key}
                    - {channel: Bertha, sha256: 2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824}
                callbacks:
                  contract: nginx
                  on-publish: ["http://127.0.0.1/a", "https://example.org/b"]
                  on-unpublish: []
                  on-play: []
                  on-stop: []
                  timeout: 250ms
                  secret: s
                """);
        assertThat(file.engine().rtmp().port()).isEqualTo(1936);
        assertThat(file.engine().admission().limits().connectionsPerAddress()).isEqualTo(4);
        assertThat(file.engine().hub().grace()).isEqualTo(Duration.ofMinutes(2));
        assertThat(file.engine().hub().silentAudio()).isTrue();
        assertThat(file.engine().http().maxConnections()).isEqualTo(6);
        assertThat(file.engine().hls().segments()).isEqualTo(8);
        assertThat(file.management().port()).isEqualTo(9000);
        assertThat(file.statisticsOpen()).isTrue();
        assertThat(file.drainTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(file.callbackConfig().contract()).isEqualTo(CallbackContract.NGINX);
        assertThat(file.callbackConfig().onPublish()).hasSize(2);
        assertThat(file.publishRules().keys())
                .extracting(key -> key.path().name())
                .containsExactly("anna", "Bertha");
        assertThat(file.toString()).doesNotContain("a-long-key", "sixteen-characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rtmp: {prot: 1} | line 1: there is no setting \"prot\" here",
                "rtmp: {port: many} | line 1",
                "rtmp: {port: 99999} | a port is 0 to 65535",
                "rtmp: {grace: 5 parsecs} | a duration looks like 250ms, 10s or 5m",
                "drain: 10m | drain is at most 25s",
                "api: {token: short} | api.token has at least 16 characters",
                "callbacks: {on-publish: [\"ftp://x/\"]} | a callback goes to http:// or https://",
                "callbacks: {contract: other, on-publish: [\"http://x/\"]} | line 1",
                "publish: {keys: [{channel: a.flv, key: long-enough}]} | A channel is a name, or application/name",
                "publish: {keys: [{channel: anna, key: short}]} | The key of channel \"anna\" has at least 8",
                "publish: {keys: [{channel: anna, sha256: 12}]} | The sha256 of channel \"anna\" has 64",
                "publish: {keys: [{channel: anna, key: long-enough, passphrase: short}]} | The passphrase of the key of",
                "bind: 127.0.0.1 | Nobody could publish, and nothing is fetched",
            })
    void whatCannotBeIsSaidInOneLine(String text, String message) {
        assertThatThrownBy(() -> {
                    EngineFile file = read(text);
                    file.engine();
                    file.drainTime();
                    file.apiToken();
                    file.publishRules();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    @Test
    void whoOnlyFetchesNeedsNobodyWhoPublishes() throws Exception {
        EngineFile file = read("sources: [{path: live/garden, url: \"rtsp://192.168.1.20/1\"}]");
        assertThat(file.publishRules().keys()).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> EngineFile.read(directory.resolve("none.yml")))
                .hasMessageContaining("There is no settings file")
                .hasMessageContaining("none.yml");
    }

    @Test
    void theManualNamesEverySetting() throws Exception {
        String manual = Files.readString(Path.of("..", "docs", "engine.md"));
        List<String> missing = new ArrayList<>();
        collect(EngineFile.class, "", manual, missing);
        assertThat(missing).isEmpty();
    }

    private static void collect(Class<?> type, String prefix, String manual, List<String> missing) {
        for (var component : type.getRecordComponents()) {
            String name =
                    prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(component.getType(), name + ".", manual, missing);
            } else if (!manual.contains("`" + name + "`")) {
                missing.add(name);
            }
        }
    }
}
