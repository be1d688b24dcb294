// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is kept of passkeys. */
@Component
class PasskeyRows {
    private static final int HANDLE_BYTES = 32;

    private final JdbcClient database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    PasskeyRows(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** One of them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            long id,
            long accountId,
            byte[] credentialId,
            byte[] credential,
            String host,
            String name,
            long counter,
            boolean backedUp,
            List<String> transports,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    private List<Row> rows(String where, Object value) {
        return database.sql("""
                select id, account_id, credential_id, credential, host, name, counter, backed_up, transports, created_at, last_used_at
                from signin_passkey where %s order by id
                """.formatted(where))
                .param(value)
                .query((row, _) -> {
                    Timestamp lastUsed = row.getTimestamp("last_used_at");
                    return new Row(
                            row.getLong("id"),
                            row.getLong("account_id"),
                            row.getBytes("credential_id"),
                            row.getBytes("credential"),
                            row.getString("host"),
                            row.getString("name"),
                            row.getLong("counter"),
                            row.getBoolean("backed_up"),
                            Arrays.asList((String[]) row.getArray("transports").getArray()),
                            row.getTimestamp("created_at").toInstant(),
                            lastUsed == null ? null : lastUsed.toInstant());
                })
                .list();
    }

    List<Row> of(long accountId) {
        return rows("account_id = ?", accountId);
    }

    Optional<Row> find(byte[] credentialId) {
        return rows("credential_id = ?", credentialId).stream().findFirst();
    }

    boolean any(long accountId) {
        return database.sql("select exists (select from signin_passkey where account_id = ?)")
                .param(accountId)
                .query(Boolean.class)
                .single();
    }

    boolean last(long accountId, long id) {
        List<Row> all = of(accountId);
        return all.size() == 1 && all.getFirst().id() == id;
    }

    /** As which authenticators know an account. */
    byte[] handle(long accountId) {
        byte[] fresh = new byte[HANDLE_BYTES];
        random.nextBytes(fresh);
        database.sql("insert into signin_handle (account_id, handle) values (?, ?) on conflict do nothing")
                .param(accountId)
                .param(fresh)
                .update();
        return database.sql("select handle from signin_handle where account_id = ?")
                .param(accountId)
                .query(byte[].class)
                .single();
    }

    /** Answers false when there is such a credential already, of whomever. */
    boolean add(Row row) {
        return database.sql("""
                insert into signin_passkey
                    (account_id, credential_id, credential, host, name, counter, backed_up, transports, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)
                        .param(row.accountId())
                        .param(row.credentialId())
                        .param(row.credential())
                        .param(row.host())
                        .param(row.name())
                        .param(row.counter())
                        .param(row.backedUp())
                        .param(row.transports().toArray(String[]::new))
                        .param(Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** Answers false when it is gone, or another use was counted meanwhile. */
    boolean used(Row row, long counter, boolean backedUp) {
        return database.sql("""
                update signin_passkey set counter = :counter, backed_up = :backed, last_used_at = :now
                where id = :id and counter = :before
                """)
                        .param("counter", counter)
                        .param("backed", backedUp)
                        .param("now", Timestamp.from(clock.instant()))
                        .param("id", row.id())
                        .param("before", row.counter())
                        .update()
                == 1;
    }

    @Nullable
    String remove(long accountId, long id) {
        return database.sql("delete from signin_passkey where account_id = ? and id = ? returning name")
                .param(accountId)
                .param(id)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    void removeSince(long accountId, Instant since) {
        database.sql("delete from signin_passkey where account_id = ? and created_at >= ?")
                .param(accountId)
                .param(Timestamp.from(since))
                .update();
    }

    boolean removeAll(long accountId) {
        return database.sql("delete from signin_passkey where account_id = ?")
                        .param(accountId)
                        .update()
                > 0;
    }
}
