// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A text that nothing names is translated, read and corrected for nobody. */
class UnusedTextsTest {
    /** What comes after these is the name of a constant, a setting, a row: no source holds the whole key. */
    private static final List<String> PUT_TOGETHER = List.of(
            "account.purpose.",
            "admin.case.state.",
            "admin.delivery.kind.",
            "admin.import.count.",
            "admin.import.refused.",
            "admin.import.state.",
            "admin.import.why.",
            "admin.joining.",
            "admin.queue.",
            "admin.reason.",
            "admin.role.",
            "admin.said.",
            "admin.storage.bucket.trouble.",
            "admin.trouble.",
            "admin.backups.done.",
            "admin.backups.failed.",
            "admin.backups.work.",
            "appeal.",
            "audit.action.",
            "camera.failure.",
            "camera.now.",
            "camera.search.failure.",
            "camera.state.",
            "comments.refused.",
            "decision.",
            "doctor.",
            "health.",
            "https.said.",
            "https.state.",
            "https.trouble.",
            "language.",
            "mail.",
            "moderation.did.",
            "moderation.not.",
            "moderation.right.",
            "openid.said.",
            "player.latency.",
            "privacy.",
            "security.said.",
            "setting.",
            "settings.said.",
            "settings.tokens.life.",
            "settings.tokens.scope.",
            "settings.tokens.use.",
            "setup.",
            "studio.chat.links.",
            "studio.chat.writers.",
            "vital.",
            "studio.shown.",
            "studio.videos.state.",
            "video.recording.",
            "video.upload.refused.",
            "video.upload.said.",
            "video.visibility.");

    private static final Path PROJECT = Path.of("..");
    private static final List<Path> SOURCES = List.of(
            PROJECT.resolve("platform-web/src/main/resources/templates"),
            PROJECT.resolve("platform-web/src/main/java"),
            PROJECT.resolve("frontend/src"));

    private static final Pattern KEY = Pattern.compile("[a-zA-Z][\\w-]*(?:\\.[\\w-]+)+");

    @Test
    void everyTextIsNamedSomewhere() throws IOException {
        Set<String> named = named();
        assertThat(SiteTexts.all(SiteTexts.english()).stringPropertyNames())
                .filteredOn(key -> !named.contains(key) && PUT_TOGETHER.stream().noneMatch(key::startsWith))
                .isEmpty();
    }

    private static Set<String> named() throws IOException {
        Set<String> named = new HashSet<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(UnusedTextsTest::isSource).toList()) {
                    KEY.matcher(Files.readString(file))
                            .results()
                            .map(MatchResult::group)
                            .forEach(named::add);
                }
            }
        }
        return named;
    }

    private static boolean isSource(Path file) {
        String name = file.toString();
        return name.endsWith(".html") || name.endsWith(".java") || (name.endsWith(".ts") && !name.endsWith(".test.ts"));
    }
}
