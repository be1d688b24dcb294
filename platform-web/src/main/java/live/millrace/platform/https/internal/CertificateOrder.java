// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.https.internal.KeptCertificates.Account;
import live.millrace.platform.https.internal.KeptCertificates.Begun;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** One order, from the directory's terms to the certificate. Blocks, for minutes at most. */
@Component
class CertificateOrder {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateOrder.class);

    /** What is waited for at each of its steps. */
    private static final Duration STEP = Duration.ofSeconds(90);

    private static final Duration FIRST_LOOK = Duration.ofMillis(300);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(15);

    /** Nobody's certificate fits a clock that is further away. */
    private static final Duration CLOCKS_APART = Duration.ofHours(1);

    private static final Set<Status> CLOSED = Set.of(Status.VALID, Status.INVALID);
    /** Nothing is left to prove; of an order that is gone on with the certificate may be in the making already. */
    private static final Set<Status> PROVED = Set.of(Status.READY, Status.PROCESSING, Status.VALID, Status.INVALID);

    private final HttpsMode mode;
    private final HttpsRows rows;
    private final KeptCertificates certificates;
    private final Proofs proofs;
    private final Clock clock;

    CertificateOrder(HttpsMode mode, HttpsRows rows, KeptCertificates certificates, Proofs proofs, Clock clock) {
        this.mode = mode;
        this.rows = rows;
        this.certificates = certificates;
        this.proofs = proofs;
        this.clock = clock;
    }

    /**
     * Gets a certificate, and keeps it.
     *
     * @param agreed the terms that a person agreed to; null for none
     * @throws HttpsFailure when there is none this time
     */
    void obtain(String domain, Way way, @Nullable String agreed) throws HttpsFailure, InterruptedException {
        HttpsSettings settings = mode.settings();
        try (Directory directory = new Directory(mode.directory(), settings.authority(), Directory.PATIENCE)) {
            try {
                Login login = login(directory, agreed);
                issue(login, domain, way);
            } catch (AcmeLazyLoadingException e) {
                throw failure(e.getCause() instanceof AcmeException cause ? cause : new AcmeException("", e));
            } catch (AcmeException e) {
                throw failure(e);
            } catch (AcmeProtocolException | IllegalArgumentException | IllegalStateException e) {
                // It answers, and not as RFC 8555 has it.
                String words = String.valueOf(e.getMessage());
                throw HttpsFailure.of(unreadableTime(words) ? Trouble.RATE : Trouble.OTHER, words);
            }
        }
    }

    /** A header that says when to come again, and is no time: whoever sends it has had enough all the same. */
    private static boolean unreadableTime(String words) {
        return words.toLowerCase(Locale.ROOT).contains("retry-after");
    }

    // ---- the account --------------------------------------------------------------------------------------------

    private Login login(Directory directory, @Nullable String agreed) throws AcmeException, HttpsFailure {
        Metadata about = directory.session().getMetadata();
        clock(directory);
        @Nullable String terms = about.getTermsOfService().map(URI::toString).orElse(null);
        rows.asked(terms);
        String address = mode.directory().toString();
        Account known = certificates.account(address).orElse(null);
        if (known != null && known.location() != null) {
            return new Login(location(known.location()), known.keys(), directory.session());
        }
        HttpsSettings settings = mode.settings();
        if (terms != null && !settings.termsAgreed() && !terms.equals(agreed)) {
            throw HttpsFailure.of(Trouble.TERMS, "");
        }
        String kid = settings.eabKid();
        String hmac = settings.eabHmac();
        if (about.isExternalAccountRequired() && (kid == null || hmac == null)) {
            throw HttpsFailure.of(Trouble.EXTERNAL, "");
        }
        // Kept before it is sent: an account whose answer was lost is found again by its key.
        Account mine = known == null ? new Account(KeyPairs.make(), null) : known;
        certificates.keep(address, mine, clock.instant());
        AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(mine.keys());
        if (settings.contact() != null && !settings.contact().isBlank()) {
            account.addEmail(settings.contact().strip());
        }
        if (kid != null && hmac != null) {
            account.withKeyIdentifier(kid, hmac);
        }
        Login login = account.createLogin(directory.session());
        certificates.keep(
                address, new Account(mine.keys(), login.getAccountLocation().toString()), clock.instant());
        return login;
    }

    private static java.net.URL location(String kept) {
        try {
            return URI.create(kept).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void clock(Directory directory) throws HttpsFailure {
        Instant theirs = directory.said().orElse(null);
        if (theirs != null && Duration.between(theirs, clock.instant()).abs().compareTo(CLOCKS_APART) > 0) {
            throw new HttpsFailure(Trouble.CLOCK, null, "", theirs, false);
        }
    }

    // ---- the order ----------------------------------------------------------------------------------------------

    private void issue(Login login, String domain, Way way) throws AcmeException, HttpsFailure, InterruptedException {
        String directory = mode.directory().toString();
        Begun begun = certificates.begun(domain, directory).orElse(null);
        @Nullable Order known = begun == null ? null : known(login, begun);
        if (begun != null && known != null) {
            LOG.info("An order for {} that was under way is gone on with", domain);
            try {
                finish(login, known, begun.keys(), domain, way);
                return;
            } catch (HttpsFailure failure) {
                // Once: an order that comes to no end shall not be in the way of the next.
                certificates.drop();
                throw failure;
            }
        }
        Order order = login.newOrder().domain(domain).create();
        KeyPair keys = KeyPairs.make();
        // Before anything is asked of it: what a directory has issued counts against its limits, whether it was
        // downloaded or not.
        certificates.begin(domain, directory, new Begun(order.getLocation().toString(), keys), clock.instant());
        finish(login, order, keys, domain, way);
    }

    /** The order that was begun, as far as the directory has it and it did not fail. */
    private static @Nullable Order known(Login login, Begun begun) throws AcmeException {
        Order order = login.bindOrder(location(begun.location()));
        try {
            order.fetch();
        } catch (AcmeNetworkException away) {
            throw away;
        } catch (AcmeServerException said) {
            Problem problem = said.getProblem();
            boolean gone = switch (TroubleFinder.of(problem.getType().toString(), problem.toString())) {
                case RATE, AWAY, ACCOUNT, TERMS_CHANGED -> false;
                default -> true; // or another account's
            };
            if (!gone) {
                throw said;
            }
            return null;
        } catch (AcmeException wordless) {
            return null;
        }
        return order.getStatus() == Status.INVALID ? null : order;
    }

    private void finish(Login login, Order order, KeyPair keys, String domain, Way way)
            throws AcmeException, HttpsFailure, InterruptedException {
        if (order.getStatus() == Status.PENDING) {
            for (Authorization each : order.getAuthorizations()) {
                if (each.getStatus() != Status.VALID) {
                    prove(login, each, domain, way);
                }
            }
        }
        await(order, PROVED);
        if (order.getStatus() == Status.READY) {
            order.execute(keys);
        }
        await(order, CLOSED);
        if (order.getStatus() != Status.VALID) {
            throw refused(order.getError().orElse(null), false);
        }
        java.util.List<X509Certificate> chain = order.getCertificate().getCertificateChain();
        if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(keys.getPublic())) {
            throw HttpsFailure.of(Trouble.OTHER, "The certificate is for another key.");
        }
        certificates.keep(domain, mode.directory().toString(), chain, keys, clock.instant());
    }

    private void prove(Login login, Authorization asked, String domain, Way way)
            throws AcmeException, HttpsFailure, InterruptedException {
        Http01Challenge file = asked.findChallenge(Http01Challenge.class).orElse(null);
        TlsAlpn01Challenge handshake =
                asked.findChallenge(TlsAlpn01Challenge.class).orElse(null);
        Challenge chosen;
        Instant until = clock.instant().plus(STEP.multipliedBy(2));
        try {
            if (file != null && (way == Way.HTTP || handshake == null)) {
                proofs.openFile(file.getToken(), file.getAuthorization(), until);
                chosen = file;
            } else if (handshake != null) {
                proofs.openHandshake(domain, handshake.getAcmeValidation());
                chosen = handshake;
            } else {
                throw HttpsFailure.of(Trouble.OTHER, "The directory offers neither HTTP-01 nor TLS-ALPN-01.");
            }
            chosen.trigger();
            await(asked, CLOSED);
        } finally {
            proofs.close();
        }
        if (asked.getStatus() != Status.VALID) {
            Problem why = login.bindChallenge(chosen.getLocation()).getError().orElse(null);
            throw refused(why, true);
        }
    }

    /** Looks again and again, as often as the directory likes, until it is so. */
    private void await(PollableResource what, Set<Status> states)
            throws AcmeException, HttpsFailure, InterruptedException {
        long end = System.nanoTime() + STEP.toNanos();
        Duration pause = FIRST_LOOK;
        while (!states.contains(what.getStatus())) {
            if (System.nanoTime() > end) {
                throw HttpsFailure.of(Trouble.AWAY, "The directory did not come to an end.");
            }
            Thread.sleep(pause);
            Instant wished = what.fetch().orElse(null);
            Duration longer = pause.multipliedBy(2);
            Duration asked = wished == null ? longer : Duration.between(clock.instant(), wished);
            pause = asked.compareTo(FIRST_LOOK) < 0
                    ? FIRST_LOOK
                    : asked.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : asked;
        }
    }

    // ---- what went wrong ----------------------------------------------------------------------------------------

    private static HttpsFailure refused(@Nullable Problem problem, boolean validation) {
        return problem == null
                ? new HttpsFailure(Trouble.OTHER, null, "The directory refused, and did not say why.", null, validation)
                : of(problem, null, validation);
    }

    private static HttpsFailure of(Problem problem, @Nullable Instant until, boolean validation) {
        // Of several the first tells more than the one about all.
        Problem first = problem.getSubProblems().isEmpty()
                ? problem
                : problem.getSubProblems().getFirst();
        String detail = first.toString();
        String type = first.getType().toString();
        Trouble trouble = TroubleFinder.of(type, detail);
        return new HttpsFailure(
                trouble,
                type,
                detail,
                until == null ? TroubleFinder.until(detail).orElse(null) : until,
                validation && trouble != Trouble.AWAY);
    }

    private HttpsFailure failure(AcmeException e) {
        return switch (e) {
            case AcmeRateLimitedException limited ->
                of(limited.getProblem(), limited.getRetryAfter().orElse(null), false);
            case AcmeServerException said -> of(said.getProblem(), null, false);
            case AcmeNetworkException network -> network(network);
            // The status of an answer without words.
            default -> HttpsFailure.of(Trouble.AWAY, String.valueOf(e.getMessage()));
        };
    }

    private HttpsFailure network(AcmeNetworkException e) {
        Throwable cause = e.getCause() instanceof IOException io ? io : e;
        LOG.debug("The directory cannot be reached", cause);
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return HttpsFailure.of(Trouble.CLOCK, String.valueOf(each.getMessage()));
            }
        }
        return HttpsFailure.of(
                cause instanceof SSLException ? Trouble.UNTRUSTED : Trouble.AWAY,
                cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
    }
}
