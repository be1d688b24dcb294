// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Ten codes for whoever lost their device. They are kept like passwords; the first letter of each is its number, so that a try costs one
 * hash and not ten.
 */
@Component
class RecoveryCodes {
    static final int NUMBER = 10;

    /** Without those that look like others. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int LENGTH = 12;
    private static final int GROUP = 4;

    private final JdbcClient database;
    private final PasswordEncoder hashes;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RecoveryCodes(JdbcClient database, PasswordEncoder hashes, Clock clock) {
        this.database = database;
        this.hashes = hashes;
        this.clock = clock;
    }

    /** New ones, as they are shown, with what is kept of each. */
    record Fresh(List<String> shown, List<String> kept) {}

    /** Takes a moment: not within a transaction. */
    Fresh make() {
        List<String> shown = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int position = 0; position < NUMBER; position++) {
            StringBuilder code = new StringBuilder().append(position);
            while (code.length() < LENGTH) {
                code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            kept.add(Objects.requireNonNull(hashes.encode(code)));
            for (int at = LENGTH - GROUP; at > 0; at -= GROUP) {
                code.insert(at, '-');
            }
            shown.add(code.toString());
        }
        return new Fresh(List.copyOf(shown), List.copyOf(kept));
    }

    /** Within a transaction. */
    void keep(long accountId, Fresh fresh) {
        remove(accountId);
        for (int position = 0; position < fresh.kept().size(); position++) {
            database.sql("insert into signin_recovery_code (account_id, position, hash) values (?, ?, ?)")
                    .param(accountId)
                    .param(position)
                    .param(fresh.kept().get(position))
                    .update();
        }
    }

    void remove(long accountId) {
        database.sql("delete from signin_recovery_code where account_id = ?")
                .param(accountId)
                .update();
    }

    /** Whether something that was typed is meant as one, and not as an app's code. */
    static boolean looksLikeOne(String typed) {
        return plain(typed).length() == LENGTH;
    }

    private static String plain(String typed) {
        return typed.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
    }

    boolean take(long accountId, String typed) {
        String code = plain(typed);
        int position = Character.digit(code.charAt(0), NUMBER);
        if (code.length() != LENGTH || position < 0) {
            return false;
        }
        Optional<String> hash = database.sql(
                        "select hash from signin_recovery_code where account_id = ? and position = ? and used_at is null")
                .param(accountId)
                .param(position)
                .query(String.class)
                .optional();
        return hash.isPresent()
                && hashes.matches(code, hash.get())
                // Two at once with the same one: the row is changed by one of them.
                && database.sql("""
                        update signin_recovery_code set used_at = ?
                        where account_id = ? and position = ? and hash = ? and used_at is null
                        """)
                                .param(Timestamp.from(clock.instant()))
                                .param(accountId)
                                .param(position)
                                .param(hash.get())
                                .update()
                        == 1;
    }

    int left(long accountId) {
        return database.sql("select count(*) from signin_recovery_code where account_id = ? and used_at is null")
                .param(accountId)
                .query(Integer.class)
                .single();
    }
}
