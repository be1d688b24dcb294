// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import live.millrace.platform.account.InviteView;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.shared.Secrets;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcJoining implements Joining {
    private final JdbcClient database;
    private final JpaAccounts accounts;
    private final MailLinks mail;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JdbcJoining(
            JdbcClient database, JpaAccounts accounts, MailLinks mail, TransactionTemplate transaction, Clock clock) {
        this.database = database;
        this.accounts = accounts;
        this.mail = mail;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public SignUpMode mode() {
        return database.sql("select sign_up from account_policy")
                .query((row, _) -> SignUpMode.valueOf(row.getString(1)))
                .single();
    }

    @Override
    public void change(SignUpMode mode) {
        database.sql("update account_policy set sign_up = ?").param(mode.name()).update();
    }

    @Override
    public boolean admits(String invite) {
        return !invite.isEmpty()
                && database.sql("""
                        select exists (select 1 from account_invite
                        where token_hash = ? and uses_left > 0 and revoked_at is null and expires_at > ?)
                        """)
                        .param(Secrets.hash(invite))
                        .param(Timestamp.from(clock.instant()))
                        .query(Boolean.class)
                        .single();
    }

    @Override
    public Registration register(
            String username, String email, String password, String invite, String reason, LongConsumer together) {
        return admit(
                invite,
                reason,
                () -> accounts.register(username, email, password, Role.USER, together),
                why -> accounts.apply(username, email, password, why, LocaleContextHolder.getLocale()));
    }

    /**
     * As the mode of this moment allows.
     *
     * @param apply makes an account that waits, with the reason that was given
     */
    Registration admit(
            String invite, String reason, Supplier<Registration> make, Function<String, Registration> apply) {
        // Taken before it is used: of two who come with the last use of a link, one gets in.
        boolean invited = take(invite, 1);
        return switch (invited ? SignUpMode.OPEN : mode()) {
            case OPEN -> {
                boolean in = false;
                try {
                    Registration registration = make.get();
                    in = registration instanceof Registration.Done;
                    yield registration;
                } finally {
                    // Also when there was no place to hash the password.
                    if (invited && !in) {
                        take(invite, -1);
                    }
                }
            }
            case APPROVAL ->
                reason.isBlank()
                        ? new Registration.Refused("reason", "account.signup.reason.missing")
                        : apply.apply(reason.strip());
            case INVITE -> new Registration.Refused("username", "account.signup.invite-only");
            case CLOSED -> new Registration.Refused("username", "account.signup.closed");
        };
    }

    /** Takes uses from a link, or gives them back; answers whether it still admits. */
    private boolean take(String invite, int uses) {
        return !invite.isEmpty()
                && database.sql("""
                        update account_invite set uses_left = uses_left - :uses
                        where token_hash = :hash and uses_left >= :uses and revoked_at is null and expires_at > :now
                        """)
                                .param("uses", uses)
                                .param("hash", Secrets.hash(invite))
                                .param("now", Timestamp.from(clock.instant()))
                                .update()
                        > 0;
    }

    @Override
    public List<Applicant> waiting() {
        return database.sql("""
                select id, username, email, join_reason, created_at from account
                where standing = 'WAITING' order by id limit 200
                """)
                .query((row, _) -> new Applicant(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant()))
                .list();
    }

    @Override
    @Transactional
    public boolean accept(long accountId) {
        boolean accepted = accounts.accept(accountId);
        if (accepted) {
            mail.sendAccepted(accountId);
        }
        return accepted;
    }

    @Override
    public boolean reject(long accountId) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            // Held until they are gone: somebody else may be accepting them.
            boolean waits = database.sql("select id from account where id = ? and standing = 'WAITING' for update")
                    .param(accountId)
                    .query(Long.class)
                    .optional()
                    .isPresent();
            if (waits) {
                accounts.remove(accountId);
            }
            return waits;
        }));
    }

    @Override
    @Transactional
    public String invite(String label, int uses, Duration valid) {
        String secret = Secrets.make();
        database.sql("""
                insert into account_invite (token_hash, label, uses_left, expires_at, created_at) values (?, ?, ?, ?, ?)
                """)
                .param(Secrets.hash(secret))
                .param(label)
                .param(Math.clamp(uses, 1, MAX_USES))
                .param(Timestamp.from(clock.instant().plus(valid)))
                .param(Timestamp.from(clock.instant()))
                .update();
        return secret;
    }

    @Override
    public List<InviteView> invites() {
        return database.sql("""
                select id, label, uses_left, expires_at from account_invite
                where revoked_at is null and uses_left > 0 and expires_at > ? order by id desc limit 100
                """)
                .param(Timestamp.from(clock.instant()))
                .query((row, _) -> new InviteView(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    @Override
    public boolean revokeInvite(long id) {
        return database.sql("update account_invite set revoked_at = ? where id = ? and revoked_at is null")
                        .param(Timestamp.from(clock.instant()))
                        .param(id)
                        .update()
                > 0;
    }
}
