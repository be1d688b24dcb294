// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.shared.RemoteAddress;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.MailException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Mail through the site's SMTP server, as plain text. Sent by a thread of its own: an answer takes as long whether or not an address is
 * known, and no page waits for a mail server. How often is limited for each recipient and for each sender, so that no form of ours
 * floods a third person.
 */
@Service
class SmtpMailLinks implements MailLinks, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpMailLinks.class);
    private static final Duration VERIFY_VALID = Duration.ofHours(24);
    private static final Duration RESET_VALID = Duration.ofHours(1);
    private static final int WAITING_MAILS = 1_000;
    private static final int PER_DAY = 5;
    private static final int PER_DAY_FROM_ADDRESS = 40;

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 25;

    private record Recipient(long accountId, String username, String email, boolean verified) {}

    private final ObjectProvider<JavaMailSender> sender;
    private final SiteAddress site;
    private final MessageSource texts;
    private final JdbcClient database;
    private final JpaAccounts accounts;
    private final PasswordEncoder passwords;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String from;
    private final ExecutorService mails = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAILS),
            Thread.ofPlatform().name("mail").daemon().factory());
    private final Cache<String, Bucket> limits = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    SmtpMailLinks(
            ObjectProvider<JavaMailSender> sender,
            SiteAddress site,
            MessageSource texts,
            JdbcClient database,
            JpaAccounts accounts,
            PasswordEncoder passwords,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${millrace.mail.from:}") String from,
            @Value("${spring.mail.host:}") String host) {
        this.sender = sender;
        this.site = site;
        this.texts = texts;
        this.database = database;
        this.accounts = accounts;
        this.passwords = passwords;
        this.transaction = transaction;
        this.clock = clock;
        this.from = from;
        if (!host.isBlank() && (from.isBlank() || site.origin().isEmpty())) {
            throw new StartupException(
                    "Mail is configured (spring.mail.host), but not who sends it or where its links lead.",
                    "Set millrace.mail.from, like no-reply@example.org, and millrace.public-url, like https://live.example.org.");
        }
    }

    @Override
    public boolean available() {
        return !from.isBlank() && site.origin().isPresent() && sender.getIfAvailable() != null;
    }

    // ---- verifying --------------------------------------------------------------------------------------------

    @Override
    public boolean sendVerification(long accountId, Locale locale, String remote) {
        Optional<Recipient> recipient = find("id = ?", accountId);
        if (!available()
                || recipient.isEmpty()
                || recipient.get().verified()
                || !mayMail(recipient.get().email(), remote)) {
            return false;
        }
        send(recipient.get(), "verify", "/verify/" + token(recipient.get(), "VERIFY", VERIFY_VALID), locale);
        return true;
    }

    @Override
    public boolean verify(String token) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<Recipient> recipient = take(token, "VERIFY");
            recipient.ifPresent(found -> accounts.verify(found.accountId(), found.email()));
            return recipient.isPresent();
        }));
    }

    // ---- a new password ---------------------------------------------------------------------------------------

    @Override
    public void sendReset(String email, Locale locale, String remote) {
        if (available() && mayMail(email.strip(), remote)) {
            later(() -> find("lower(email) = lower(?)", email.strip())
                    .ifPresent(recipient ->
                            deliver(recipient, "reset", "/reset/" + token(recipient, "RESET", RESET_VALID), locale)));
        }
    }

    @Override
    public boolean admitsReset(String token) {
        return database.sql("select exists (select 1 from account_mail_token"
                        + " where token_hash = ? and purpose = 'RESET' and expires_at > ?)")
                .param(Secrets.hash(token))
                .param(Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean reset(String token, String password) {
        String hash = java.util.Objects.requireNonNull(passwords.encode(password));
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<Recipient> recipient = take(token, "RESET");
            // Whoever reads the mail of an address has it.
            recipient.ifPresent(found -> {
                accounts.setPassword(found.accountId(), hash);
                accounts.verify(found.accountId(), found.email());
            });
            return recipient.isPresent();
        }));
    }

    @Override
    public void sendAccepted(long accountId) {
        if (available()) {
            find("id = ?", accountId).ifPresent(found -> send(found, "accepted", "/login", Locale.ENGLISH));
        }
    }

    // ---- tokens -----------------------------------------------------------------------------------------------

    private Optional<Recipient> find(String where, Object value) {
        return database.sql("select id, username, email, verified_at is not null from account where " + where)
                .param(value)
                .query((row, _) -> new Recipient(row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4)))
                .optional();
    }

    private String token(Recipient recipient, String purpose, Duration valid) {
        String secret = Secrets.make();
        database.sql("""
                insert into account_mail_token (token_hash, account_id, purpose, email, expires_at, created_at)
                values (?, ?, ?, ?, ?, ?)
                """)
                .param(Secrets.hash(secret))
                .param(recipient.accountId())
                .param(purpose)
                .param(recipient.email())
                .param(Timestamp.from(clock.instant().plus(valid)))
                .param(Timestamp.from(clock.instant()))
                .update();
        return secret;
    }

    /** Uses a token up, and all others of its kind. */
    private Optional<Recipient> take(String token, String purpose) {
        Optional<Recipient> recipient = database.sql("""
                delete from account_mail_token where token_hash = ? and purpose = ? and expires_at > ?
                returning account_id, email
                """)
                .param(Secrets.hash(token))
                .param(purpose)
                .param(Timestamp.from(clock.instant()))
                .query((row, _) -> new Recipient(row.getLong(1), "", row.getString(2), false))
                .optional();
        recipient.ifPresent(found -> database.sql("delete from account_mail_token where account_id = ? and purpose = ?")
                .param(found.accountId())
                .param(purpose)
                .update());
        return recipient;
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

    private void send(Recipient recipient, String kind, String path, Locale locale) {
        later(() -> deliver(recipient, kind, path, locale));
    }

    private void later(Runnable mail) {
        try {
            mails.execute(mail);
        } catch (RejectedExecutionException full) {
            LOG.warn("A mail was not sent: {} wait already", WAITING_MAILS);
        }
    }

    private void deliver(Recipient recipient, String kind, String path, Locale locale) {
        JavaMailSender smtp = sender.getIfAvailable();
        if (smtp == null) {
            return;
        }
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom(from);
        message.setTo(recipient.email());
        message.setSubject(texts.getMessage("mail." + kind + ".subject", null, locale));
        message.setText(texts.getMessage(
                "mail." + kind + ".text",
                new Object[] {recipient.username(), site.origin().orElseThrow() + path},
                locale));
        try {
            smtp.send(message);
        } catch (MailException e) {
            // Neither the address nor the link belongs into a log.
            LOG.warn("A mail ({}) could not be sent: {}", kind, e.getClass().getSimpleName());
        }
    }

    @Override
    public void destroy() {
        mails.shutdown();
    }
}
