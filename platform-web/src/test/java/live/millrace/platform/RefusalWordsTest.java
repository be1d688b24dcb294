// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every reason for which the server refuses something has words, and they are its own. */
class RefusalWordsTest {
    private static final Path CODE = Path.of("src/main/java");
    private static final Path CHAT_PAGE = Path.of("src/main/resources/templates/fragments/words.html");
    private static final Pattern CHAT =
            Pattern.compile("(?:Refused\\.(?:because|until)\\(|new (?:ChatEvents\\.)?Refused\\(\\s*)\"([a-z-]+)\"");
    private static final Pattern ON_PAGE = Pattern.compile("\"(refused\\.[a-z-]+)\": \\[\\[#\\{([a-z.-]+)}]]");

    private static Set<String> all(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CODE)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                pattern.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
            }
        }
        return found;
    }

    private static Set<String> texts() throws IOException {
        return SiteTexts.all(SiteTexts.english()).stringPropertyNames();
    }

    @Test
    void thePageHasTheWordsForEveryMessageThatIsRefused() throws IOException {
        Set<String> reasons = all(CHAT);
        assertThat(reasons).contains("full", "links", "unavailable", "slow");
        Set<String> onPage = new TreeSet<>();
        ON_PAGE.matcher(Files.readString(CHAT_PAGE)).results().forEach(match -> {
            assertThat(match.group(2)).isEqualTo("chat." + match.group(1));
            onPage.add(match.group(1).substring("refused.".length()));
        });
        // In both directions: words that nobody says any more go.
        assertThat(onPage).isEqualTo(reasons);
    }

    /** Words for what a queue is full of belong to that queue alone, and so on: one reason is given in one place. */
    @Test
    void aReasonThatIsAboutLinksIsGivenForLinksAlone() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String file : List.of("ChatTopic", "MessagePolicy", "WriterPolicy")) {
            code.append(
                    Files.readString(CODE.resolve("live/millrace/platform/chat/internal/writing/" + file + ".java")));
        }
        List<String> because = Stream.of("links", "words", "shield", "duplicate", "off", "banned", "full")
                .filter(reason -> Pattern.compile("Refused\\S*\\(\"" + reason + "\"")
                                .matcher(code)
                                .results()
                                .count()
                        > 1)
                .toList();
        assertThat(because).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // what says why, the texts that say it
        "'refusedHere\\(\"([a-z-]+)\"', comments.refused.",
        "'NotDoneException\\.because\\(\"([a-z-]+)\"', moderation.not.",
        "'BadPictureException\\(\"([a-z.]+)\"', ''",
        "'Optional\\.of\\(\"((?:report|admin\\.ban|picture|settings|account|studio)\\.[a-z.-]+)\"\\)', ''",
        "'\"admin\\.case\\.not\\.([a-z-]+)\"', admin.said.",
        "'said=([a-z-]+)\"', admin.said.",
        "'log\\.record\\([^;\"]*\"([A-Z_]+)\"', moderation.did.",
        "'log\\.record\\([^;\"]*\"([A-Z_]+)\"', moderation.kind."
    })
    void whateverElseIsRefusedOrDoneHasWords(Pattern said, String texts) throws IOException {
        Set<String> reasons = all(said);
        assertThat(reasons).isNotEmpty();
        assertThat(texts()).containsAll(reasons.stream().map(texts::concat).toList());
    }
}
