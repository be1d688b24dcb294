// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import live.millrace.platform.account.DisplayedNames;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.shared.Secrets;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the accounts of an import, a part of it at a time. Each account is a transaction, with the note at its line that it is made, so
 * that another one who is at the same line makes nobody twice, and whoever comes after a process that died goes on where it was.
 */
@Component
class ImportWork implements DeliveryHandler {
    static final String KIND = "import.accounts";

    /** So few that mails are not kept waiting. */
    static final int AT_ONCE = 200;

    /** What waits in the queue: no names, no addresses. */
    record Part(long id) {}

    private record Job(boolean mails, String hash) {}

    private record Line(
            int number,
            String username,
            String email,
            String displayName,
            String language,
            Role role,
            long accountId) {}

    private final JpaAccounts accounts;
    private final DisplayedNames displayed;
    private final PasswordEncoder passwords;
    private final Deliveries deliveries;
    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ImportWork(
            JpaAccounts accounts,
            DisplayedNames displayed,
            PasswordEncoder passwords,
            Deliveries deliveries,
            JdbcClient database,
            TransactionTemplate transaction,
            Clock clock) {
        this.accounts = accounts;
        this.displayed = displayed;
        this.passwords = passwords;
        this.deliveries = deliveries;
        this.database = database;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** All of it is, but not in one transaction: one line that cannot be must not cost the others. */
    @Override
    public boolean inDatabase() {
        return false;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        long id = delivery.body().path("id").asLong();
        Optional<Job> job;
        try {
            job = job(id);
        } catch (TooBusyException busy) {
            return new Outcome.Later("no place to hash a password");
        }
        if (job.isEmpty()) {
            return Outcome.GONE;
        }
        for (Line line : open(id)) {
            make(id, line, job.get());
        }
        List<Line> left = open(id);
        if (left.isEmpty()) {
            finish(id);
        } else {
            transaction.executeWithoutResult(_ -> deliveries.enqueue(
                    KIND,
                    "#" + id,
                    new Part(id),
                    "import-" + id + "-" + left.getFirst().number()));
        }
        return Outcome.DONE;
    }

    private Optional<Job> job(long id) {
        Optional<Job> found = find(id);
        if (found.isPresent() && found.get().hash().isEmpty()) {
            String nobodyKnows = Objects.requireNonNull(passwords.encode(Secrets.make()));
            database.sql("update account_import set password_hash = ? where id = ? and password_hash is null")
                    .param(nobodyKnows)
                    .param(id)
                    .update();
            return find(id);
        }
        return found;
    }

    private Optional<Job> find(long id) {
        return database.sql("""
                select mails, coalesce(password_hash, '') from account_import where id = ? and state = 'RUNNING'
                """)
                .param(id)
                .query((row, _) -> new Job(row.getBoolean(1), row.getString(2)))
                .optional();
    }

    /** What is still to be done: accounts to be made, and those whose process died before they got their name. */
    private List<Line> open(long id) {
        return database.sql("""
                select number, username, email, display_name, language, role, account_id from account_import_line
                where import_id = ? and (state = 'NEW' or (state = 'MADE' and display_name <> '' and account_id is not null))
                order by number limit ?
                """)
                .param(id)
                .param(AT_ONCE)
                .query((row, _) -> new Line(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        Role.valueOf(row.getString(6)),
                        row.getLong(7)))
                .list();
    }

    private void make(long id, Line line, Job job) {
        long account = line.accountId();
        if (account == 0) {
            Registration made =
                    accounts.bring(line.username(), line.email(), job.hash(), line.role(), made(id, line, job));
            if (made instanceof Registration.Refused refused) {
                refused(id, line, refused.messageKey());
            }
            if (!(made instanceof Registration.Done done)) {
                return;
            }
            account = done.principal().accountId();
        }
        if (!line.displayName().isEmpty()) {
            String reason = displayed.rename(account, line.displayName()).orElse("");
            database.sql("""
                    update account_import_line set display_name = '', reason = ? where import_id = ? and number = ?
                    """).param(reason).param(id).param(line.number()).update();
        }
    }

    /** What is done in the transaction that makes an account. */
    private LongConsumer made(long id, Line line, Job job) {
        return account -> {
            boolean mailed = job.mails() && !line.email().isEmpty();
            int noted = database.sql("""
                    update account_import_line set state = 'MADE', account_id = ?, mailed = ?, email = ''
                    where import_id = ? and number = ? and state = 'NEW'
                    """)
                    .param(account)
                    .param(mailed)
                    .param(id)
                    .param(line.number())
                    .update();
            if (noted == 0) {
                throw new IllegalStateException("another one made this account");
            }
            if (!line.language().isEmpty()) {
                accounts.prefer(account, line.language(), null);
            }
            if (mailed) {
                deliveries.enqueue(
                        MailDelivery.KIND,
                        line.username(),
                        new MailDelivery.Mail(
                                account,
                                MailPurpose.WELCOME,
                                Locale.forLanguageTag(line.language().isEmpty() ? "en" : line.language())
                                        .toLanguageTag(),
                                0),
                        null);
            }
        };
    }

    /** Between the check and now somebody took the name. */
    private void refused(long id, Line line, String why) {
        database.sql("""
                update account_import_line set state = 'INVALID', reason = ?, email = ''
                where import_id = ? and number = ? and state = 'NEW'
                """).param(why).param(id).param(line.number()).update();
    }

    /** What the lines said is forgotten, but for who they were. */
    private void finish(long id) {
        transaction.executeWithoutResult(_ -> {
            database.sql("update account_import_line set email = '', display_name = '' where import_id = ?")
                    .param(id)
                    .update();
            database.sql("update account_import set state = 'DONE', done_at = ? where id = ? and state = 'RUNNING'")
                    .param(Timestamp.from(clock.instant()))
                    .param(id)
                    .update();
        });
    }
}
