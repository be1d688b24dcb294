// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import live.millrace.platform.updates.Trouble;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was answered: one row. */
@Component
class UpdateRows {
    private final JdbcClient database;

    UpdateRows(JdbcClient database) {
        this.database = database;
    }

    /**
     * All of it.
     *
     * @param askedFor marks the address that was asked
     * @param trouble of the last answer; null where it was good
     * @param version of the last good answer
     * @param dismissed the version whose notice somebody put away
     */
    record State(
            @Nullable String askedFor,
            @Nullable Instant nextAt,
            @Nullable Trouble trouble,
            @Nullable String version,
            @Nullable String notes,
            @Nullable String dismissed) {}

    State state() {
        return database.sql("select * from updates_site")
                .query((row, _) -> state(row))
                .single();
    }

    private static State state(ResultSet row) throws SQLException {
        Timestamp next = row.getTimestamp("next_at");
        String trouble = row.getString("trouble");
        return new State(
                row.getString("asked_for"),
                next == null ? null : next.toInstant(),
                trouble == null ? null : Trouble.valueOf(trouble),
                row.getString("version"),
                row.getString("notes"),
                row.getString("dismissed"));
    }

    /** Another address is asked than was: what the one before said is not held against it. */
    void anew(String mark) {
        database.sql("""
                update updates_site set asked_for = ?, asked_at = null, next_at = null, trouble = null, version = null, notes = null
                """).param(mark).update();
    }

    /** Somebody asks now; if they die of it, it is asked again then. */
    void begin(Instant next) {
        database.sql("update updates_site set next_at = ?")
                .param(Timestamp.from(next))
                .update();
    }

    void answered(Answer answer, Instant now, Instant next) {
        database.sql("update updates_site set asked_at = ?, next_at = ?, trouble = null, version = ?, notes = ?")
                .param(Timestamp.from(now))
                .param(Timestamp.from(next))
                .param(answer.version())
                .param(answer.notes())
                .update();
    }

    void failed(Trouble trouble, Instant now, Instant next) {
        database.sql("update updates_site set asked_at = ?, next_at = ?, trouble = ?")
                .param(Timestamp.from(now))
                .param(Timestamp.from(next))
                .param(trouble.name())
                .update();
    }

    /** Puts the notice of a version away; answers false when it is another one by now, or away already. */
    boolean dismiss(String version) {
        return database.sql("update updates_site set dismissed = ? where version = ? and dismissed is distinct from ?")
                        .params(version, version, version)
                        .update()
                > 0;
    }
}
