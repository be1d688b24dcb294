// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The version before can be started on the tables of this one (ADR 92): migrations since then only add. What does not, and is known to be
 * no harm, says why above the statement: {@code -- Version before: it never reads this column.}
 */
class MigrationsOnlyAddTest {
    /** The last migration of the version before; set at each release (docs/releasing.md). */
    private static final String BEFORE = "202611271201";

    private static final String ALLOWED = "version before:";

    private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*\\.sql");

    /** Comments, texts, bodies of functions, and all that is neither. */
    private static final Pattern PARTS = Pattern.compile(
            "(?<comment>--[^\\n]*|/\\*.*?\\*/)|(?<text>'(?:[^']|'')*')|(?<body>\\$(?<tag>\\w*)\\$.*?\\$\\k<tag>\\$)|(?<end>;)|(?<other>[^-/'$;]+|.)",
            Pattern.DOTALL);

    private static final List<Pattern> FORBIDDEN = Stream.of(
                    // A constraint or an index that is no longer there stops nobody.
                    "\\bdrop (?!constraint |index )\\w+",
                    "\\brename\\b",
                    "\\balter (?:column )?\\S+ (?:set data )?type\\b",
                    "\\bset not null\\b",
                    "^(?:truncate|delete)\\b")
            .map(Pattern::compile)
            .toList();

    private static final Pattern NEW_COLUMN = Pattern.compile(
            "^(?:alter table (?:if exists )?(?:only )?\\S+ )?add (?:column )?(?!constraint |check\\b|primary |foreign |unique\\b|exclude )(?<column>.*)$");

    private static String offence(String statement) {
        for (Pattern each : FORBIDDEN) {
            Matcher found = each.matcher(statement);
            if (found.find()) {
                return found.group();
            }
        }
        if (statement.startsWith("alter table ")) {
            for (String clause : clauses(statement)) {
                Matcher added = NEW_COLUMN.matcher(clause);
                if (added.matches()
                        && added.group("column").contains("not null")
                        && !added.group("column").matches(".*\\b(default|generated)\\b.*")) {
                    return "a column that the version before leaves empty: " + clause;
                }
            }
        }
        return "";
    }

    private static List<String> clauses(String statement) {
        List<String> clauses = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < statement.length(); i++) {
            char each = statement.charAt(i);
            depth += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (each == ',' && depth == 0) {
                clauses.add(statement.substring(start, i).strip());
                start = i + 1;
            }
        }
        clauses.add(statement.substring(start).strip());
        return clauses;
    }

    private static List<String> offences(String sql) {
        List<String> offences = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        StringBuilder comments = new StringBuilder();
        Matcher parts = PARTS.matcher(sql + ";");
        while (parts.find()) {
            String body = parts.group("body");
            if (parts.group("comment") != null) {
                comments.append(parts.group("comment").toLowerCase(Locale.ROOT)).append('\n');
            } else if (body != null
                    && statement.toString().strip().toLowerCase(Locale.ROOT).startsWith("do")) {
                // What is done at once, not later by somebody who calls it.
                offences.addAll(comments.indexOf(ALLOWED) < 0 ? offences(inside(body)) : List.of());
            } else if (parts.group("end") == null) {
                statement.append(parts.group("text") == null && body == null ? parts.group() : "''");
            } else {
                String offence = offence(
                        statement.toString().strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
                if (!offence.isEmpty() && comments.indexOf(ALLOWED) < 0) {
                    offences.add(offence);
                }
                statement.setLength(0);
                comments.setLength(0);
            }
        }
        return offences;
    }

    private static String inside(String body) {
        int mark = body.indexOf('$', 1) + 1;
        return body.substring(mark, body.length() - mark).replaceAll("(?i)\\b(begin|then|else|loop|declare)\\b", ";");
    }

    private static Map<String, String> migrations() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("..", "db", "migration"))) {
            for (Path each : files.toList()) {
                found.put(each.getFileName().toString(), Files.readString(each));
            }
        }
        return found;
    }

    @Test
    void migrationsSinceTheVersionBeforeOnlyAdd() throws IOException {
        Map<String, List<String>> bad = new TreeMap<>();
        boolean known = false;
        for (Map.Entry<String, String> each : migrations().entrySet()) {
            Matcher version = VERSION.matcher(each.getKey());
            assertThat(version.matches()).as(each.getKey()).isTrue();
            known |= version.group(1).equals(BEFORE);
            List<String> offences = version.group(1).compareTo(BEFORE) > 0 ? offences(each.getValue()) : List.of();
            if (!offences.isEmpty()) {
                bad.put(each.getKey(), offences);
            }
        }
        assertThat(known).as("the last migration of the version before is here").isTrue();
        assertThat(bad).as("what the version before would fall over").isEmpty();
    }

    @Test
    void itSeesThroughTheMigrationsOfTheFirstDays() throws IOException {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, String> each : migrations().entrySet()) {
            if (!offences(each.getValue()).isEmpty()) {
                names.add(each.getKey().replaceFirst("__.*", ""));
            }
        }
        assertThat(names)
                .contains("V202611211404", "V202611261220", "V202611262130", "V202611262131", "V202611270102")
                .doesNotContain("V202611211401", "V202611211400", "V202611270370");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop table a",
                "alter table a drop b",
                "alter table a add c int, drop column if exists b",
                "ALTER TABLE a\n  RENAME TO b",
                "alter index a rename to b",
                "alter table a alter column b type text using b::text",
                "alter table a alter b set data type bigint",
                "alter table a alter column b set not null",
                "alter table a alter column b drop not null",
                "alter table a alter column b drop default",
                "alter table a add column b numeric(3, 2) not null",
                "alter table a add b int default 1, add c text not null check (c <> '; default')",
                "truncate a",
                "delete from a",
                "do $$ begin if true then drop table a; end if; end $$",
                "drop view a; -- version before: this is behind the statement",
            })
    void whatTheVersionBeforeWouldFallOverIsSeen(String sql) {
        assertThat(offences(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table a (b text not null, c int)",
                "alter table a add column b text",
                "alter table a add column b text not null default ''",
                "alter table a add column b bigint generated always as identity not null",
                "alter table a add constraint b check (c is not null)",
                "alter table a drop constraint b, add constraint b check (c in ('drop table', 'x'))",
                "drop index a; create index a on b (c) where c is not null",
                "-- Version before: nobody reads it.\ndrop table a",
                "/* drop table a; */ create index a on b (c)",
                "create function f() returns trigger language plpgsql as $$ begin delete from a; drop table a; end $$",
                "comment on table a is 'drop table b; truncate c'",
                "update a set b = 1",
            })
    void whatOnlyAddsIsLetPass(String sql) {
        assertThat(offences(sql)).isEmpty();
    }
}
