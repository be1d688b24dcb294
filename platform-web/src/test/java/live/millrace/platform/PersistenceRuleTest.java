// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.annotations.DynamicUpdate;
import org.junit.jupiter.api.Test;
import org.springframework.data.jpa.repository.Modifying;

/** docs/adr/0049-one-rule-of-persistence.md */
class PersistenceRuleTest {
    private static final JavaClasses SITE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("live.millrace.platform");

    /** The tables that a statement writes, and the columns that it sets. */
    private static final Pattern UPDATE = Pattern.compile(
            "\\bupdate\\s+([a-z_]+)(?:\\s+[a-z])?\\s+set\\s+(.*?)(?=\\bwhere\\b|\\bfrom\\b|\\breturning\\b|\"|;)",
            Pattern.DOTALL);

    private static final Pattern UPSERT = Pattern.compile(
            "\\binsert\\s+into\\s+([a-z_]+)\\b[^;\"]*?\\bdo\\s+update\\s+set\\s+([^;\"]*)", Pattern.DOTALL);

    private static final Pattern SET = Pattern.compile("(?:^|,)\\s*([a-z_]+)\\s*=");

    private static Stream<JavaClass> entities() {
        return SITE.stream().filter(type -> type.isAnnotatedWith(Entity.class));
    }

    private static String table(JavaClass entity) {
        return entity.isAnnotatedWith(Table.class)
                ? entity.getAnnotationOfType(Table.class).name()
                : entity.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static Set<String> written(JavaClass entity) {
        return entity.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.isAnnotatedWith(Id.class))
                .filter(field -> !field.isAnnotatedWith(Column.class)
                        || field.getAnnotationOfType(Column.class).updatable())
                .map(PersistenceRuleTest::column)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String column(JavaField field) {
        return field.isAnnotatedWith(JoinColumn.class)
                ? field.getAnnotationOfType(JoinColumn.class).name()
                : field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Columns that statements of some code set, as {@code table.column}. */
    static Set<String> statements(String code) {
        // Two literals that are put together are one statement.
        String joined = code.replaceAll("\"\\s*\\+\\s*\"", "");
        Set<String> found = new TreeSet<>();
        for (Pattern pattern : List.of(UPDATE, UPSERT)) {
            pattern.matcher(joined)
                    .results()
                    .forEach(statement -> SET.matcher(statement.group(2))
                            .results()
                            .forEach(column -> found.add(statement.group(1) + "." + column.group(1))));
        }
        return found;
    }

    private static Set<String> statements() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Set<String> found = new TreeSet<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                found.addAll(statements(Files.readString(file)));
            }
            return found;
        }
    }

    @Test
    void everyEntityKnowsWhetherSomebodyElseWroteMeanwhile() {
        assertThat(entities()).hasSizeGreaterThanOrEqualTo(4).allSatisfy(entity -> {
            assertThat(entity.getFields()).anyMatch(field -> field.isAnnotatedWith(Version.class));
            assertThat(entity.isAnnotatedWith(DynamicUpdate.class))
                    .as("%s writes what changed alone", entity.getSimpleName())
                    .isTrue();
        });
    }

    @Test
    void noColumnIsWrittenByAnEntityAndByAStatement() throws IOException {
        Map<String, Set<String>> byTable =
                entities().collect(Collectors.toMap(PersistenceRuleTest::table, PersistenceRuleTest::written));
        Set<String> statements = statements();
        assertThat(statements).contains("channel.last_live_at", "channel_stream_key.last_used_at");
        Set<String> both = byTable.entrySet().stream()
                .flatMap(table -> table.getValue().stream().map(column -> table.getKey() + "." + column))
                .filter(statements::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(both).isEmpty();
        assertThat(byTable.get("channel_stream_key"))
                .contains("version", "revoked_at")
                .doesNotContain("last_used_at");
    }

    @Test
    void statementsAreFoundInAllTheirForms() {
        String code = """
                database.sql("update account set standing = ?, verified_at" + " = ? where id = ?");
                database.sql(\"\"\"
                    insert into channel (a) values (?)
                    on conflict (a) do update set title = excluded.title, version = 3
                    \"\"\");
                database.sql("update chat_room r set pinned_seq = null from x");
                """;
        assertThat(statements(code))
                .isEqualTo(Stream.of(
                                "account.standing",
                                "account.verified_at",
                                "channel.title",
                                "channel.version",
                                "chat_room.pinned_seq")
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void repositoriesOfEntitiesChangeNothingBesideThem() {
        noMethods().should().beAnnotatedWith(Modifying.class).check(SITE);
    }
}
