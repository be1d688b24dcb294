// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.MailChanges;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.internal.MailDelivery.Mail;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.shared.Secrets;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class SmtpMailChanges implements MailChanges {
    private static final Duration PENDING = Objects.requireNonNull(MailPurpose.CHANGE.valid());
    private static final Duration REGRETTED = Objects.requireNonNull(MailPurpose.UNDO.valid());
    private static final Duration CHOOSING = Objects.requireNonNull(MailPurpose.RESET.valid());

    private final MailServer server;
    private final MailTokens tokens;
    private final MailBudget budget;
    private final Deliveries deliveries;
    private final JpaAccounts accounts;
    private final AccountAlerts alerts;
    private final KnownDevices devices;
    private final SignInBudget tries;
    private final PasswordEncoder passwords;
    private final TransactionTemplate transaction;

    SmtpMailChanges(
            MailServer server,
            MailTokens tokens,
            MailBudget budget,
            Deliveries deliveries,
            JpaAccounts accounts,
            AccountAlerts alerts,
            KnownDevices devices,
            SignInBudget tries,
            PasswordEncoder passwords,
            TransactionTemplate transaction) {
        this.server = server;
        this.tokens = tokens;
        this.budget = budget;
        this.deliveries = deliveries;
        this.accounts = accounts;
        this.alerts = alerts;
        this.devices = devices;
        this.tries = tries;
        this.passwords = passwords;
        this.transaction = transaction;
    }

    @Override
    public Asked ask(long accountId, String password, String email, Locale locale, HttpServletRequest request) {
        return accounts.passwordIs(accountId, password) ? ask(accountId, email, locale, request) : Asked.WRONG_PASSWORD;
    }

    @Override
    public Asked ask(long accountId, String email, Locale locale, HttpServletRequest request) {
        if (!server.available()) {
            transaction.executeWithoutResult(_ -> {
                accounts.changeEmail(accountId, email, false);
                alerts.tell(accountId, AccountAlerts.Kind.MAIL_CHANGED, request);
            });
            return Asked.CHANGED;
        }
        if (!budget.take(email, OptionalLong.empty(), request)) {
            return Asked.LATER;
        }
        transaction.executeWithoutResult(_ -> {
            long wanted = tokens.note(accountId, email, MailPurpose.CHANGE, PENDING);
            Recipient own = tokens.find(accountId).orElseThrow();
            Optional<Recipient> owner = tokens.find(email).filter(Recipient::verified);
            if (owner.isPresent()) {
                // It cannot be had, which its owner hears and nobody else.
                mail(owner.get(), MailPurpose.EXISTING, owner.get().spoken(), 0);
            } else {
                mail(own, MailPurpose.CHANGE, locale, wanted);
            }
        });
        return Asked.MAILED;
    }

    private void mail(Recipient about, MailPurpose purpose, Locale locale, long otherEmail) {
        deliveries.enqueue(
                MailDelivery.KIND,
                about.username(),
                new Mail(about.accountId(), purpose, locale.toLanguageTag(), otherEmail),
                null);
    }

    @Override
    public boolean confirm(String token, HttpServletRequest request) {
        return Boolean.TRUE.equals(Raced.again(() -> transaction.execute(status -> {
            Optional<Recipient> wanted = tokens.take(token, MailPurpose.CHANGE);
            if (wanted.isEmpty()) {
                return false;
            }
            long id = wanted.get().accountId();
            Recipient before = tokens.find(id).orElseThrow();
            if (!accounts.changeEmail(id, wanted.get().email(), true)) {
                return false;
            }
            // What was sent to the address before opens nothing now.
            tokens.revoke(id);
            // One that nobody proved may be a stranger's by a slip of the hand: it gets no power over the account.
            if (before.verified()
                    && !before.email().equalsIgnoreCase(wanted.get().email())) {
                mail(
                        before,
                        MailPurpose.UNDO,
                        before.spoken(),
                        tokens.note(id, before.email(), MailPurpose.UNDO, REGRETTED));
            }
            alerts.tell(id, AccountAlerts.Kind.MAIL_CHANGED, request);
            return true;
        })));
    }

    @Override
    public Optional<String> undo(String token) {
        if (!tokens.admits(token, MailPurpose.UNDO)) {
            return Optional.empty();
        }
        // Whoever changed the address knew the password: nobody shall know this one.
        String nobodyKnows = Objects.requireNonNull(passwords.encode(Secrets.make()));
        Optional<Recipient> restored = Objects.requireNonNull(Raced.again(() -> transaction.execute(_ -> {
            Optional<Recipient> former = tokens.take(token, MailPurpose.UNDO);
            if (former.isEmpty()) {
                return former;
            }
            long id = former.get().accountId();
            if (!accounts.changeEmail(id, former.get().email(), true)) {
                return Optional.<Recipient>empty();
            }
            accounts.resetPassword(id, nobodyKnows);
            devices.forget(id);
            tokens.revoke(id);
            tokens.former(id, former.get().email()).ifPresent(noted -> {
                tokens.revokeUndoAfter(id, noted.id());
                accounts.mailChangeUndone(id, noted.since());
            });
            return former;
        })));
        return restored.map(found -> {
            tries.clear(found.accountId());
            return tokens.make(found, MailPurpose.RESET, CHOOSING);
        });
    }
}
