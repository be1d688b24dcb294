// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.shared.SiteKey;
import live.millrace.platform.shared.SiteName;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Proofs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcAuthenticatorApps implements AuthenticatorApps {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcAuthenticatorApps.class);

    /** So long the page that shows a new key may stand open. */
    private static final Duration OFFERED = Duration.ofHours(1);

    private static final int MOST_TYPED = 64;

    private final JdbcClient database;
    private final RecoveryCodes codes;
    private final SiteKey key;
    private final SiteName site;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    JdbcAuthenticatorApps(
            JdbcClient database,
            RecoveryCodes codes,
            SiteKey key,
            SiteName site,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.codes = codes;
        this.key = key;
        this.site = site;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public Optional<State> state(long accountId) {
        return database.sql("select created_at from signin_app where account_id = ?")
                .param(accountId)
                .query(Timestamp.class)
                .optional()
                .map(since -> new State(since.toInstant(), codes.left(accountId)));
    }

    @Override
    public boolean asked(long accountId) {
        return database.sql("select exists (select from signin_app where account_id = ?)")
                .param(accountId)
                .query(Boolean.class)
                .single();
    }

    // ---- setting up -------------------------------------------------------------------------------------------

    @Override
    public Offer offer(long accountId, String username) {
        byte[] secret = new byte[Totp.KEY_BYTES];
        random.nextBytes(secret);
        Instant until = clock.instant().plus(OFFERED);
        byte[] sealed = key.seal(
                offered(accountId),
                (until.getEpochSecond() + " " + Base64.getEncoder().encodeToString(secret))
                        .getBytes(StandardCharsets.US_ASCII));
        return offer(secret, username, Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    @Override
    public Optional<Offer> reopen(long accountId, String username, String sealed) {
        return reopened(accountId, sealed).map(secret -> offer(secret, username, sealed));
    }

    private Offer offer(byte[] secret, String username, String sealed) {
        String issuer = encoded(site.siteName());
        String text = Totp.base32(secret);
        return new Offer(
                text.replaceAll(".{4}(?!$)", "$0 "),
                "otpauth://totp/" + issuer + ":" + encoded(username) + "?secret=" + text + "&issuer=" + issuer,
                sealed);
    }

    private static String offered(long accountId) {
        return "authenticator app offered to " + accountId;
    }

    private static String kept(long accountId) {
        return "authenticator app of " + accountId;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The secret that a form brought back. */
    private Optional<byte[]> reopened(long accountId, String sealed) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return key.open(offered(accountId), bytes).flatMap(plain -> {
            String[] parts = new String(plain, StandardCharsets.US_ASCII).split(" ", 2);
            return Long.parseLong(parts[0]) < clock.instant().getEpochSecond()
                    ? Optional.empty()
                    : Optional.of(Base64.getDecoder().decode(parts[1]));
        });
    }

    @Override
    public Optional<List<String>> confirm(long accountId, String sealed, String code) {
        Optional<byte[]> secret = reopened(accountId, sealed);
        OptionalLong step =
                secret.isEmpty() ? OptionalLong.empty() : Totp.match(secret.get(), digits(code), clock.instant());
        if (step.isEmpty() || asked(accountId)) {
            return Optional.empty();
        }
        RecoveryCodes.Fresh fresh = codes.make();
        return transaction.execute(_ -> {
            int made = database.sql("""
                    insert into signin_app (account_id, secret, last_step, created_at) values (?, ?, ?, ?)
                    on conflict do nothing
                    """)
                    .param(accountId)
                    .param(key.seal(kept(accountId), secret.orElseThrow()))
                    .param(step.getAsLong())
                    .param(Timestamp.from(clock.instant()))
                    .update();
            if (made == 0) {
                return Optional.<List<String>>empty();
            }
            codes.keep(accountId, fresh);
            return Optional.of(fresh.shown());
        });
    }

    private static String digits(String typed) {
        return typed.replaceAll("\\s", "");
    }

    // ---- checking ---------------------------------------------------------------------------------------------

    @Override
    public Optional<String> take(long accountId, String typed) {
        if (typed.isBlank() || typed.length() > MOST_TYPED) {
            return Optional.empty();
        }
        if (RecoveryCodes.looksLikeOne(typed)) {
            return codes.take(accountId, typed) ? Optional.of(Proofs.RECOVERY) : Optional.empty();
        }
        return takeCode(accountId, digits(typed)) ? Optional.of(Proofs.APP) : Optional.empty();
    }

    private boolean takeCode(long accountId, String code) {
        Optional<byte[]> sealed = database.sql("select secret from signin_app where account_id = ?")
                .param(accountId)
                .query(byte[].class)
                .optional();
        if (sealed.isEmpty()) {
            return false;
        }
        Optional<byte[]> secret = key.open(kept(accountId), sealed.get());
        if (secret.isEmpty()) {
            LOG.error("The site's key does not open what it sealed: is the file site.key in its folder another one?"
                    + " Authenticator apps do not work without it; recovery codes do.");
            return false;
        }
        OptionalLong step = Totp.match(secret.get(), code, clock.instant());
        // Of two at once with the same code one changes the row; a code that was seen over a shoulder is over.
        return step.isPresent()
                && database.sql("update signin_app set last_step = :step where account_id = :id and last_step < :step")
                                .param("step", step.getAsLong())
                                .param("id", accountId)
                                .update()
                        == 1;
    }

    // ---- changing ---------------------------------------------------------------------------------------------

    @Override
    public List<String> renewCodes(long accountId) {
        if (!asked(accountId)) {
            return List.of();
        }
        RecoveryCodes.Fresh fresh = codes.make();
        transaction.executeWithoutResult(_ -> codes.keep(accountId, fresh));
        return fresh.shown();
    }

    @Override
    @Transactional
    public boolean remove(long accountId) {
        codes.remove(accountId);
        return database.sql("delete from signin_app where account_id = ?")
                        .param(accountId)
                        .update()
                > 0;
    }
}
