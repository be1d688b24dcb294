// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
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
        return find("lower(email) = lower(?)", email);
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
        recipient.ifPresent(found -> database.sql("delete from account_mail_token where account_id = ? and purpose = ?")
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
        database.sql("delete from account_mail_token where expires_at < ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
