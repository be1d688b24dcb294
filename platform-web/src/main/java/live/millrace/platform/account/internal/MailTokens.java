// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Whom mails go to, and the secrets in their links, of which only hashes are kept. */
@Repository
class MailTokens implements RecurringWork {
    /** @param language as they chose it; null when they never did */
    record Recipient(
            long accountId,
            String username,
            String email,
            boolean verified,
            @Nullable String language) {
        /** The language to write to them in when they are not the one who asks. */
        Locale spoken() {
            return language == null ? Locale.ENGLISH : Locale.forLanguageTag(language);
        }
    }

    private final JdbcClient database;
    private final Clock clock;

    MailTokens(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Optional<Recipient> find(long accountId) {
        return find("id = ?", accountId);
    }

    Optional<Recipient> find(String email) {
        return find("lower(email) = lower(?) order by verified_at is null, id limit 1", email);
    }

    private Optional<Recipient> find(String where, Object value) {
        return database.sql("select id, username, email, verified_at is not null, language from account where " + where)
                .param(value)
                .query((row, _) -> new Recipient(
                        row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getString(5)))
                .optional();
    }

    /** Makes a token that stands for somebody's address. */
    String make(Recipient recipient, MailPurpose purpose, Duration valid) {
        String secret = Secrets.make();
        database.sql("""
                insert into account_mail_token (token_hash, account_id, purpose, email, expires_at, created_at)
                values (?, ?, ?, ?, ?, ?)
                """)
                .param(Secrets.hash(secret))
                .param(recipient.accountId())
                .param(purpose.name())
                .param(recipient.email())
                .param(Timestamp.from(clock.instant().plus(valid)))
                .param(Timestamp.from(clock.instant()))
                .update();
        return secret;
    }

    boolean admits(String token, MailPurpose purpose) {
        return database.sql("select exists (select 1 from account_mail_token"
                        + " where token_hash = ? and purpose = ? and expires_at > ?)")
                .param(Secrets.hash(token))
                .param(purpose.name())
                .param(Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }

    /** Whose account a token is for, while it is good. */
    Optional<Long> account(String token, MailPurpose purpose) {
        return database.sql(
                        "select account_id from account_mail_token where token_hash = ? and purpose = ? and expires_at > ?")
                .param(Secrets.hash(token))
                .param(purpose.name())
                .param(Timestamp.from(clock.instant()))
                .query(Long.class)
                .optional();
    }

    /** Ends every link to an account's addresses but those that take a change back. */
    void revoke(long accountId) {
        database.sql("delete from account_mail_token where account_id = ? and purpose <> 'UNDO'")
                .param(accountId)
                .update();
        database.sql("delete from account_other_email where account_id = ? and purpose <> 'UNDO'")
                .param(accountId)
                .update();
    }

    /** Ends those that take back a change made later than one. */
    void revokeUndoAfter(long accountId, long otherEmail) {
        database.sql("""
                delete from account_mail_token where account_id = :account and purpose = 'UNDO' and email in (
                    select email from account_other_email where account_id = :account and purpose = 'UNDO' and id >= :id)
                """).param("account", accountId).param("id", otherEmail).update();
        database.sql("delete from account_other_email where account_id = ? and purpose = 'UNDO' and id >= ?")
                .param(accountId)
                .param(otherEmail)
                .update();
    }

    // ---- addresses beside an account's own ----------------------------------------------------------------------

    /** Notes an address that an account is to have, in place of an earlier one, or that it had. */
    long note(long accountId, String email, MailPurpose purpose, Duration valid) {
        if (purpose == MailPurpose.CHANGE) {
            database.sql("delete from account_other_email where account_id = ? and purpose = 'CHANGE'")
                    .param(accountId)
                    .update();
        }
        return database.sql("""
                insert into account_other_email (account_id, email, purpose, expires_at, created_at) values (?, ?, ?, ?, ?)
                returning id
                """)
                .param(accountId)
                .param(email)
                .param(purpose.name())
                .param(Timestamp.from(clock.instant().plus(valid)))
                .param(Timestamp.from(clock.instant()))
                .query(Long.class)
                .single();
    }

    /** An account as it is written to at another of its addresses. */
    Optional<Recipient> at(long otherEmail) {
        return database.sql("""
                select a.id, a.username, o.email, false, a.language from account_other_email o
                join account a on a.id = o.account_id where o.id = ? and o.expires_at > ?
                """)
                .param(otherEmail)
                .param(Timestamp.from(clock.instant()))
                .query((row, _) -> new Recipient(
                        row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getString(5)))
                .optional();
    }

    /** An address that an account had, and since when it has another. */
    record Former(long id, Instant since) {}

    /** When an address was noted as one that an account had; the oldest of several. */
    Optional<Former> former(long accountId, String email) {
        return database.sql("""
                select id, created_at from account_other_email where account_id = ? and purpose = 'UNDO' and lower(email) = lower(?)
                order by id limit 1
                """)
                .param(accountId)
                .param(email)
                .query((row, _) ->
                        new Former(row.getLong(1), row.getTimestamp(2).toInstant()))
                .optional();
    }

    /** Uses a token up, and all others of its kind. */
    Optional<Recipient> take(String token, MailPurpose purpose) {
        Optional<Recipient> recipient = database.sql("""
                delete from account_mail_token where token_hash = ? and purpose = ? and expires_at > ?
                returning account_id, email
                """)
                .param(Secrets.hash(token))
                .param(purpose.name())
                .param(Timestamp.from(clock.instant()))
                .query((row, _) -> new Recipient(row.getLong(1), "", row.getString(2), false, null))
                .optional();
        // Whoever has several addresses to go back to keeps the others.
        recipient
                .filter(_ -> purpose != MailPurpose.UNDO)
                .ifPresent(found -> database.sql("delete from account_mail_token where account_id = ? and purpose = ?")
                        .param(found.accountId())
                        .param(purpose.name())
                        .update());
        return recipient;
    }

    // ---- tokens that nobody used ------------------------------------------------------------------------------

    @Override
    public String name() {
        return "forget.mail-tokens";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        for (String table : List.of("account_mail_token", "account_other_email")) {
            database.sql("delete from " + table + " where expires_at < ?")
                    .param(Timestamp.from(clock.instant()))
                    .update();
        }
    }
}
