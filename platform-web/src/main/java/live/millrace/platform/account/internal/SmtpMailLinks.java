// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.internal.MailDelivery.Mail;
import live.millrace.platform.account.internal.MailTokens.Recipient;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.shared.RemoteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Links by mail. What is to be written is put down and delivered by {@link MailDelivery}: an answer takes as long whether or not an address
 * is known, and no page waits for a mail server. How often is limited for each recipient and for each sender, so that no form of ours
 * floods a third person.
 */
@Service
class SmtpMailLinks implements MailLinks {
    private static final int PER_DAY = 5;
    private static final int PER_DAY_FROM_ADDRESS = 40;

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 25;

    private final MailServer server;
    private final MailTokens tokens;
    private final Deliveries deliveries;
    private final JpaAccounts accounts;
    private final PasswordEncoder passwords;
    private final TransactionTemplate transaction;
    private final Cache<String, Bucket> limits = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    SmtpMailLinks(
            MailServer server,
            MailTokens tokens,
            Deliveries deliveries,
            JpaAccounts accounts,
            PasswordEncoder passwords,
            TransactionTemplate transaction) {
        this.server = server;
        this.tokens = tokens;
        this.deliveries = deliveries;
        this.accounts = accounts;
        this.passwords = passwords;
        this.transaction = transaction;
    }

    @Override
    public boolean available() {
        return server.available();
    }

    // ---- verifying --------------------------------------------------------------------------------------------

    @Override
    public boolean sendVerification(long accountId, Locale locale, String remote) {
        Optional<Recipient> recipient = tokens.find(accountId);
        if (!available()
                || recipient.isEmpty()
                || recipient.get().verified()
                || !mayMail(recipient.get().email(), remote)) {
            return false;
        }
        send(recipient.get(), MailPurpose.VERIFY, locale);
        return true;
    }

    @Override
    public boolean verify(String token) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<Recipient> recipient = tokens.take(token, MailPurpose.VERIFY);
            recipient.ifPresent(found -> accounts.verify(found.accountId(), found.email()));
            return recipient.isPresent();
        }));
    }

    // ---- a new password ---------------------------------------------------------------------------------------

    /** The same statements for an address that nobody has. */
    @Override
    public void sendReset(String email, Locale locale, String remote) {
        if (available() && mayMail(email.strip(), remote)) {
            send(tokens.find(email.strip()).orElse(null), MailPurpose.RESET, locale);
        }
    }

    @Override
    public boolean admitsReset(String token) {
        return tokens.admits(token, MailPurpose.RESET);
    }

    @Override
    public boolean reset(String token, String password) {
        String hash = java.util.Objects.requireNonNull(passwords.encode(password));
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<Recipient> recipient = tokens.take(token, MailPurpose.RESET);
            // Whoever reads the mail of an address has it.
            recipient.ifPresent(found -> {
                accounts.resetPassword(found.accountId(), hash);
                accounts.verify(found.accountId(), found.email());
            });
            return recipient.isPresent();
        }));
    }

    @Override
    public void sendAccepted(long accountId) {
        if (available()) {
            tokens.find(accountId).ifPresent(found -> send(found, MailPurpose.ACCEPTED, spoken(found)));
        }
    }

    /** Somebody else accepts: their language is not the applicant's. */
    private static Locale spoken(Recipient recipient) {
        return recipient.language() == null ? Locale.ENGLISH : Locale.forLanguageTag(recipient.language());
    }

    // ---- mail -------------------------------------------------------------------------------------------------

    private boolean mayMail(String email, String remote) {
        Bucket recipient = limits.get(
                "to " + email.toLowerCase(Locale.ROOT),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(1).refillGreedy(1, Duration.ofMinutes(1)))
                        .addLimit(limit -> limit.capacity(PER_DAY).refillGreedy(PER_DAY, Duration.ofDays(1)))
                        .build());
        int share = PER_DAY_FROM_ADDRESS * (RemoteAddress.nearby(remote) ? NEARBY : 1);
        Bucket source = limits.get(
                "from " + RemoteAddress.network(remote),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(share).refillGreedy(share, Duration.ofDays(1)))
                        .build());
        return source.tryConsume(1) && recipient.tryConsume(1);
    }

    private void send(@Nullable Recipient recipient, MailPurpose purpose, Locale locale) {
        deliveries.enqueue(
                MailDelivery.KIND,
                recipient == null ? "" : recipient.username(),
                new Mail(recipient == null ? 0 : recipient.accountId(), purpose, locale.toLanguageTag()),
                null);
    }
}
