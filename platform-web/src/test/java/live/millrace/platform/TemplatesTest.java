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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** A form whose act cannot be taken back asks once; these do without, and say why. */
    @Test
    void whatCannotBeTakenBackAsksFirst() throws IOException {
        Set<String> without = Set.of(
                "studio/channel.html remove: its name is typed",
                "studio/moderation.html words/remove: a word is soon written again");
        Pattern forms = Pattern.compile("<form[^>]*th:action=\"([^\"]*)\".*?</form>", Pattern.DOTALL);
        Pattern lasting = Pattern.compile(
                "remove|revoke|reject|drop|delete|decide|appeal|/role|/end|admin/(bans|users|channels|comments|reports)\\}");
        List<String> silent = new ArrayList<>();
        int asked = 0;
        for (Path file : templates()) {
            String name = TEMPLATES.relativize(file).toString();
            for (MatchResult form :
                    forms.matcher(Files.readString(file)).results().toList()) {
                Matcher act = lasting.matcher(form.group(1));
                if (!name.startsWith("moderation/")
                        && act.find()
                        && without.stream()
                                .noneMatch(one -> one.startsWith(name + " " + act.group())
                                        || one.startsWith(name + " words/" + act.group()))) {
                    boolean asks =
                            form.group().contains(":: confirm(") || form.group().contains("dialog-end");
                    asked += asks ? 1 : 0;
                    if (!asks) {
                        silent.add(name + " " + form.group(1));
                    }
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(asked).isGreaterThan(15);
    }
}
