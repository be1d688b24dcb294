// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.internal.MailDelivery.Mail;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Deliveries;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Links by mail. What is to be written is put down and delivered by {@link MailDelivery}: an answer takes as long whether or not an address
 * is known, and no page waits for a mail server. How often is {@link MailBudget}'s.
 */
@Service
class SmtpMailLinks implements MailLinks {
    private final MailServer server;
    private final MailTokens tokens;
    private final MailBudget budget;
    private final Deliveries deliveries;
    private final JpaAccounts accounts;
    private final SignInBudget tries;
    private final KnownDevices devices;
    private final PasswordEncoder passwords;
    private final TransactionTemplate transaction;

    SmtpMailLinks(
            MailServer server,
            MailTokens tokens,
            MailBudget budget,
            Deliveries deliveries,
            JpaAccounts accounts,
            SignInBudget tries,
            KnownDevices devices,
            PasswordEncoder passwords,
            TransactionTemplate transaction) {
        this.server = server;
        this.tokens = tokens;
        this.budget = budget;
        this.deliveries = deliveries;
        this.accounts = accounts;
        this.tries = tries;
        this.devices = devices;
        this.passwords = passwords;
        this.transaction = transaction;
    }

    @Override
    public boolean available() {
        return server.available();
    }

    // ---- verifying --------------------------------------------------------------------------------------------

    /** Where the address is another account's, its owner is told instead: whoever asks hears the same. */
    @Override
    public boolean sendVerification(long accountId, Locale locale, HttpServletRequest request) {
        Optional<Recipient> recipient = tokens.find(accountId);
        if (!available()
                || recipient.isEmpty()
                || recipient.get().email().isEmpty()
                || recipient.get().verified()
                || !budget.take(recipient.get().email(), OptionalLong.empty(), request)) {
            return false;
        }
        Optional<Recipient> owner = tokens.find(recipient.get().email()).filter(Recipient::verified);
        if (owner.isPresent()) {
            send(owner.get(), MailPurpose.EXISTING, owner.get().spoken());
        } else {
            send(recipient.get(), MailPurpose.VERIFY, locale);
        }
        return true;
    }

    @Override
    public boolean verify(String token) {
        return Boolean.TRUE.equals(Raced.again(() -> transaction.execute(_ -> {
            Optional<Recipient> recipient = tokens.take(token, MailPurpose.VERIFY);
            return recipient.isPresent()
                    && accounts.verify(
                            recipient.get().accountId(), recipient.get().email());
        })));
    }

    // ---- a new password ---------------------------------------------------------------------------------------

    /** The same statements for an address that nobody has. */
    @Override
    public void sendReset(String email, Locale locale, HttpServletRequest request) {
        if (!available()) {
            return;
        }
        Optional<Recipient> recipient = tokens.find(email.strip());
        OptionalLong account =
                recipient.map(found -> OptionalLong.of(found.accountId())).orElse(OptionalLong.empty());
        if (budget.take(email, account, request)) {
            send(recipient.orElse(null), MailPurpose.RESET, locale);
        }
    }

    @Override
    public boolean admitsReset(String token) {
        return tokens.admits(token, MailPurpose.RESET);
    }

    @Override
    public Optional<String> resetRefusal(String token, String password) {
        return tokens.account(token, MailPurpose.RESET).flatMap(id -> accounts.passwordRefusal(id, password));
    }

    /** Not hashed for a link that is none: that would be work for anybody who asks. */
    @Override
    public boolean reset(String token, String password) {
        if (!admitsReset(token)) {
            return false;
        }
        String hash = Objects.requireNonNull(passwords.encode(password));
        Optional<Recipient> done = Objects.requireNonNull(Raced.again(() -> transaction.execute(_ -> {
            Optional<Recipient> recipient = tokens.take(token, MailPurpose.RESET);
            // Whoever reads the mail of an address has it.
            recipient.ifPresent(found -> {
                accounts.resetPassword(found.accountId(), hash);
                accounts.verify(found.accountId(), found.email());
                devices.forget(found.accountId());
            });
            return recipient;
        })));
        done.ifPresent(found -> tries.clear(found.accountId()));
        return done.isPresent();
    }

    @Override
    public void sendAccepted(long accountId) {
        if (available()) {
            tokens.find(accountId).ifPresent(found -> send(found, MailPurpose.ACCEPTED, found.spoken()));
        }
    }

    // ---- mail -------------------------------------------------------------------------------------------------

    private void send(@Nullable Recipient recipient, MailPurpose purpose, Locale locale) {
        deliveries.enqueue(
                MailDelivery.KIND,
                recipient == null ? "" : recipient.username(),
                new Mail(recipient == null ? 0 : recipient.accountId(), purpose, locale.toLanguageTag(), 0),
                null);
    }
}
