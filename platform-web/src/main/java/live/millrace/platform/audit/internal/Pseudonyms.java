// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit.internal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Names of people and of their channels as the log keeps them: by chance, mapped to the account while it is there. The log itself
 * never changes; without the mapping its rows tell of somebody, and of one and the same, but of nobody by name.
 */
@Repository
class Pseudonyms {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{2,23}");
    private static final Pattern PSEUDONYM = Pattern.compile("p:[0-9a-f]{20}");

    /** How much of one is shown of somebody who is gone. */
    private static final int SHOWN = 8;

    private final JdbcClient database;

    Pseudonyms(JdbcClient database) {
        this.database = database;
    }

    private static Set<String> all(Pattern pattern, Collection<String> texts) {
        Set<String> found = new HashSet<>();
        texts.forEach(text -> pattern.matcher(text).results().forEach(match -> found.add(match.group())));
        return found;
    }

    private record Named(String name, long accountId) {}

    /** A text with a pseudonym in the place of every word that is somebody's name. */
    String hide(String text) {
        Set<String> words = new HashSet<>();
        all(NAME, List.of(text)).forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
        if (words.isEmpty()) {
            return text;
        }
        Map<String, String> hidden = new HashMap<>();
        database.sql("select name, account_id from channel where name = any(?) order by name")
                .param(words.toArray(String[]::new))
                .query((row, _) -> new Named(row.getString(1), row.getLong(2)))
                .list()
                .forEach(named -> hidden.put(named.name(), of(named)));
        return NAME.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        hidden.getOrDefault(found.group().toLowerCase(Locale.ROOT), found.group())));
    }

    /** Looked for first, and never written again: else everything that one moderator does would wait for what they did before. */
    private String of(Named named) {
        return known(named).orElseGet(() -> {
            byte[] chance = new byte[10];
            RANDOM.nextBytes(chance);
            database.sql("""
                    insert into audit_person (pseudonym, account_id, name) values (?, ?, ?)
                    on conflict (account_id, name) do nothing
                    """)
                    .param("p:" + HexFormat.of().formatHex(chance))
                    .param(named.accountId())
                    .param(named.name())
                    .update();
            // Whoever was first.
            return known(named).orElseThrow();
        });
    }

    private Optional<String> known(Named named) {
        return database.sql("select pseudonym from audit_person where account_id = ? and name = ?")
                .param(named.accountId())
                .param(named.name())
                .query(String.class)
                .optional();
    }

    /** The names behind the pseudonyms in some texts; of those who are gone, a sign that is the same in every row. */
    Map<String, String> names(Collection<String> texts) {
        Set<String> hidden = all(PSEUDONYM, texts);
        Map<String, String> names = new HashMap<>();
        hidden.forEach(one -> names.put(one, "deleted-" + one.substring(2, 2 + SHOWN)));
        if (!hidden.isEmpty()) {
            database.sql("select pseudonym, name from audit_person where pseudonym = any(?)")
                    .param(hidden.toArray(String[]::new))
                    .query((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .forEach(found -> names.put(found.getKey(), found.getValue()));
        }
        return names;
    }

    static String shown(String text, Map<String, String> names) {
        return PSEUDONYM
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(names.getOrDefault(found.group(), found.group())));
    }

    /** Those of everybody whose name holds a text, and of those who are gone by their sign. */
    String[] holding(String text) {
        List<String> found = new ArrayList<>();
        String asked = text.toLowerCase(Locale.ROOT);
        if (!asked.isEmpty()) {
            found.addAll(database.sql("select pseudonym from audit_person where position(? in name) > 0 limit 1000")
                    .param(asked)
                    .query(String.class)
                    .list());
            if (asked.matches("deleted-[0-9a-f]{" + SHOWN + "}")) {
                found.add("p:" + asked.substring("deleted-".length()));
            }
        }
        return found.toArray(String[]::new);
    }
}
