// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Templates are read by people, in reviews above all. */
class TemplatesTest {
    private static final Path TEMPLATES = Path.of("src/main/resources/templates");
    /** An expression that cannot be broken may need as much; beyond it nobody sees what changed. */
    private static final int MAX_CHARS = 160;

    private static final Pattern TAG = Pattern.compile("<[a-z][\\w:-]*(?:\\s+[^\\s=>/\"]+(?:=\"[^\"]*\")?)*\\s*/?>");

    private static List<Path> templates() throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            return files.filter(path -> path.toString().endsWith(".html")).toList();
        }
    }

    @Test
    void noLineIsTooLongToReview() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : templates()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_CHARS) {
                    tooLong.add(TEMPLATES.relativize(file) + ":" + (i + 1));
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    /** Thymeleaf puts the fragment in before it looks at conditions: they would have to stand around. */
    @Test
    void noConditionIsLostToAFragment() throws IOException {
        List<String> lost = new ArrayList<>();
        for (Path file : templates()) {
            TAG.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .filter(tag -> tag.contains("th:replace="))
                    .filter(tag -> tag.contains("th:if=") || tag.contains("th:unless=") || tag.contains("th:each="))
                    .forEach(tag -> lost.add(TEMPLATES.relativize(file) + ": " + tag));
        }
        assertThat(lost).isEmpty();
    }

    /** Thymeleaf leaves an attribute out whose value is empty: a switch that is on has to say so. */
    @Test
    void noSwitchIsLostToAnEmptyValue() throws IOException {
        Pattern empty = Pattern.compile("[a-z-]+=\\$\\{[^}]*(?:'' : null|null : '')}");
        List<String> lost = new ArrayList<>();
        for (Path file : templates()) {
            empty.matcher(Files.readString(file))
                    .results()
                    .forEach(found -> lost.add(TEMPLATES.relativize(file) + ": " + found.group()));
        }
        assertThat(lost).isEmpty();
    }

    /** An icon that is not in the sprite is an empty place, and nobody says so. */
    @Test
    void everyIconIsThere() throws IOException {
        Pattern call = Pattern.compile("icon\\(((?:[^()]|\\([^()]*\\))*)\\)");
        // What something is compared with is no name of an icon.
        Pattern name = Pattern.compile("(?<!== )'([a-z0-9-]+)'");
        Set<String> drawn = Pattern.compile("id=\"([a-z0-9-]+)\"")
                .matcher(Files.readString(Path.of("../frontend/src/icons/icons.svg")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        List<String> missing = new ArrayList<>();
        for (Path file : templates()) {
            call.matcher(Files.readString(file))
                    .results()
                    .flatMap(found -> name.matcher(found.group(1)).results())
                    .map(found -> found.group(1))
                    .filter(icon -> !drawn.contains(icon))
                    .forEach(icon -> missing.add(TEMPLATES.relativize(file) + ": " + icon));
        }
        assertThat(drawn).isNotEmpty();
        assertThat(missing).isEmpty();
    }

    /** A form whose act cannot be taken back asks once; these do without, each for its reason. */
    @Test
    void whatCannotBeTakenBackAsksFirst() throws IOException {
        Set<String> without = Set.of(
                // The channel's name is typed.
                "studio/channel.html @{${studio.path + '/remove'}}",
                // A word is soon written again.
                "studio/moderation.html @{${studio.path + '/moderation/words/remove'}}",
                // Whoever is signed out logs in again.
                "settings/security-sessions.html @{/settings/security/sessions/{id}/end(id=${one.handle})}",
                "settings/security-sessions.html @{/settings/security/sessions/end}",
                // It is written, which is asking enough.
                "moderation/decision.html @{/decisions/{id}/appeal(id=${one.id})}",
                // Nothing came of it yet, and whoever sent the file has it.
                "admin/import-one.html @{/admin/import/{id}/drop(id=${imported.id})}",
                // Whoever is restored can be suspended again.
                "admin/bans.html @{/admin/users}");
        Pattern forms = Pattern.compile("<form[^>]*th:action=\"([^\"]*)\".*?</form>", Pattern.DOTALL);
        Pattern lasting = Pattern.compile("remove|revoke|reject|drop|delete|decide|appeal\\(id|/role|/end"
                + "|/admin/(?:bans|users|channels|comments|reports)}");
        List<String> asking = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (Path file : templates()) {
            for (MatchResult form :
                    forms.matcher(Files.readString(file)).results().toList()) {
                String name = TEMPLATES.relativize(file) + " " + form.group(1);
                if (lasting.matcher(form.group(1)).find() && !without.contains(name)) {
                    boolean asks =
                            form.group().contains(":: confirm(") || form.group().contains("dialog-end");
                    (asks ? asking : silent).add(name);
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(asking).hasSizeGreaterThan(15);
    }
}
