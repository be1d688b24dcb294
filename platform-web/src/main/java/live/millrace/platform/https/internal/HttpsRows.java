// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.https.Trouble;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where HTTPS stands: one row. What is secret is elsewhere. */
@Component
class HttpsRows {
    private final JdbcClient database;

    HttpsRows(JdbcClient database) {
        this.database = database;
    }

    /**
     * The last failure.
     *
     * @param way that was tried; null where it did not come so far
     */
    record Failed(
            Trouble trouble,
            @Nullable Way way,
            @Nullable String type,
            @Nullable String detail,
            @Nullable String seen,
            @Nullable String resolved,
            @Nullable Instant until) {}

    /**
     * All of it.
     *
     * @param way to try next; null for the usual one
     */
    record State(
            @Nullable String domain,
            @Nullable String termsAsked,
            @Nullable String termsAgreed,
            @Nullable String triedFor,
            @Nullable Instant workingUntil,
            @Nullable Instant triedAt,
            @Nullable Instant nextAt,
            int failures,
            List<Instant> refused,
            @Nullable Way way,
            @Nullable Failed failed,
            @Nullable Instant healthySince) {
        /** For another domain or directory than was tried: nothing went wrong with that so far. */
        State anew() {
            return new State(domain, termsAsked, termsAgreed, null, null, null, null, 0, List.of(), null, null, null);
        }
    }

    State state() {
        return database.sql("select * from https_site")
                .query((row, _) -> state(row))
                .single();
    }

    private static State state(ResultSet row) throws SQLException {
        String trouble = row.getString("trouble");
        return new State(
                row.getString("domain"),
                row.getString("terms_asked"),
                row.getString("terms_agreed"),
                row.getString("tried_for"),
                instant(row, "working_until"),
                instant(row, "tried_at"),
                instant(row, "next_at"),
                row.getInt("failures"),
                instants(row.getArray("refused")),
                way(row.getString("way")),
                trouble == null
                        ? null
                        : new Failed(
                                Trouble.valueOf(trouble),
                                way(row.getString("tried_way")),
                                row.getString("trouble_type"),
                                row.getString("trouble_detail"),
                                row.getString("trouble_seen"),
                                row.getString("trouble_resolved"),
                                instant(row, "trouble_until")),
                instant(row, "healthy_since"));
    }

    private static @Nullable Way way(@Nullable String name) {
        return name == null ? null : Way.valueOf(name);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    private static List<Instant> instants(Array array) throws SQLException {
        List<Instant> all = new ArrayList<>();
        for (Timestamp at : (Timestamp[]) array.getArray()) {
            all.add(at.toInstant());
        }
        return all;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant at) {
        return at == null ? null : Timestamp.from(at);
    }

    // ---- what people say ----------------------------------------------------------------------------------------

    boolean domain(String name) {
        return database.sql("update https_site set domain = ? where domain is distinct from ?")
                        .param(name)
                        .param(name)
                        .update()
                == 1;
    }

    boolean agree(String terms, Instant now) {
        return database.sql("""
                update https_site set terms_agreed = ?, terms_agreed_at = ?, next_at = null,
                    trouble = case when trouble = 'TERMS' then null else trouble end
                where terms_asked = ?
                """).param(terms).param(timestamp(now)).param(terms).update() == 1;
    }

    /** Brings the next try forward, unless one was a moment ago; limits stand. */
    boolean hurry(Instant now, Instant triedBefore) {
        return database.sql("""
                update https_site set next_at = ? where trouble is not null and (tried_at is null or tried_at < ?)
                    and (trouble <> 'RATE' or trouble_until is null or trouble_until < ?)
                """)
                        .param(timestamp(now))
                        .param(timestamp(triedBefore))
                        .param(timestamp(now))
                        .update()
                == 1;
    }

    // ---- how it goes --------------------------------------------------------------------------------------------

    /** Another domain, or another directory, begins anew; what was refused before is not held against it. */
    void anew(String what) {
        database.sql("""
                update https_site set tried_for = ?, next_at = null, failures = 0, refused = '{}', way = null, tried_way = null,
                    trouble = null, trouble_type = null, trouble_detail = null, trouble_seen = null,
                    trouble_resolved = null, trouble_until = null, healthy_since = null, terms_asked = null
                """).param(what).update();
    }

    void begin(Instant now, Instant until, Way way) {
        database.sql("update https_site set tried_at = ?, working_until = ?, tried_way = ?")
                .param(timestamp(now))
                .param(timestamp(until))
                .param(way.name())
                .update();
    }

    void asked(@Nullable String terms) {
        database.sql("update https_site set terms_asked = ? where terms_asked is distinct from ?")
                .param(terms)
                .param(terms)
                .update();
    }

    void succeeded(Instant now, Instant next) {
        database.sql("""
                update https_site set working_until = null, next_at = ?, failures = 0, refused = '{}', way = tried_way,
                    trouble = null, trouble_type = null, trouble_detail = null, trouble_seen = null,
                    trouble_resolved = null, trouble_until = null, healthy_since = coalesce(healthy_since, ?)
                """).param(timestamp(next)).param(timestamp(now)).update();
    }

    /**
     * The try failed.
     *
     * @param way to try next
     */
    void failed(Failed failed, Instant next, List<Instant> refused, Way way) {
        database.sql("""
                update https_site set working_until = null, next_at = :next, failures = failures + 1, refused = :refused::timestamptz[],
                    way = :way, trouble = :trouble, trouble_type = :type, trouble_detail = :detail, trouble_seen = :seen,
                    trouble_resolved = :resolved, trouble_until = :until, healthy_since = null
                """)
                .param("next", timestamp(next))
                .param("refused", refused.stream().map(Instant::toString).toArray(String[]::new))
                .param("way", way.name())
                .param("trouble", failed.trouble().name())
                .param("type", failed.type())
                .param("detail", failed.detail())
                .param("seen", failed.seen())
                .param("resolved", failed.resolved())
                .param("until", timestamp(failed.until()))
                .update();
    }

    // ---- the answer at port 80 ----------------------------------------------------------------------------------

    void open(String token, String answer, Instant until) {
        database.sql("update https_site set token = ?, answer = ?, answer_until = ?")
                .param(token)
                .param(answer)
                .param(timestamp(until))
                .update();
    }

    void close() {
        database.sql("update https_site set token = null, answer = null, answer_until = null")
                .update();
    }

    Optional<String> answer(String token, Instant now) {
        return database.sql("select answer from https_site where token = ? and answer_until > ?")
                .param(token)
                .param(timestamp(now))
                .query(String.class)
                .optional();
    }

    static List<Instant> newest(List<Instant> all, int most) {
        Instant[] sorted = all.stream().sorted().toArray(Instant[]::new);
        return List.of(Arrays.copyOfRange(sorted, Math.max(0, sorted.length - most), sorted.length));
    }
}
