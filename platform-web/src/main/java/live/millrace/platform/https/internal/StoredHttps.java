// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.https.Https;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.https.HttpsView;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.https.internal.HttpsRows.Failed;
import live.millrace.platform.https.internal.HttpsRows.State;
import live.millrace.platform.https.internal.KeptCertificates.Kept;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class StoredHttps implements Https {
    /** Between two tries that people ask for. */
    private static final Duration BREATH = Duration.ofMinutes(1);

    private static final int MOST_NAMES = 10;

    private final HttpsMode mode;
    private final HttpsRows rows;
    private final HeldCertificate held;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    StoredHttps(
            HttpsMode mode,
            HttpsRows rows,
            HeldCertificate held,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.mode = mode;
        this.rows = rows;
        this.held = held;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    // ---- looking ------------------------------------------------------------------------------------------------

    @Override
    public HttpsView view() {
        State state = rows.state();
        String domain = mode.domain(state.domain()).orElse(null);
        Instant now = clock.instant();
        if (domain != null && !mode.what(domain).equals(state.triedFor())) {
            state = state.anew(); // what went wrong went wrong with another
        }
        Optional<Kept> kept = mode.active() ? held.kept() : Optional.empty();
        @Nullable Kept own = kept.filter(each -> each.domain().equals(domain)).orElse(null);
        boolean agreed = mode.settings().termsAgreed()
                || state.termsAsked() == null
                || state.termsAsked().equals(state.termsAgreed());
        return new HttpsView(
                stands(state, domain, own, now),
                domain,
                own == null ? held.domain().filter(_ -> mode.active()).orElse(null) : null,
                mode.fixed(),
                mode.directory().getHost(),
                state.termsAsked(),
                agreed,
                own == null ? null : held(own, now),
                failure(state),
                state.failed() != null && hurries(state, now));
    }

    private HttpsView.State stands(State state, @Nullable String domain, @Nullable Kept own, Instant now) {
        if (!mode.active()) {
            return mode.bundle() ? HttpsView.State.BUNDLE : HttpsView.State.OFF;
        }
        if (domain == null) {
            return HttpsView.State.NO_DOMAIN;
        }
        if (own != null && !own.over(now)) {
            return HttpsView.State.IN_FORCE;
        }
        Failed failed = state.failed();
        if (failed == null
                || (state.workingUntil() != null && state.workingUntil().isAfter(now))) {
            return HttpsView.State.WORKING;
        }
        return failed.trouble() == Trouble.TERMS ? HttpsView.State.TERMS : HttpsView.State.FAILED;
    }

    private static HttpsView.Held held(Kept kept, Instant now) {
        return new HttpsView.Held(
                issuer(kept.own()), names(kept.own()), kept.from(), kept.until(), kept.renewal(), kept.validAt(now));
    }

    private static String issuer(X509Certificate certificate) {
        String whole = certificate.getIssuerX500Principal().getName();
        try {
            List<Rdn> parts = new LdapName(whole).getRdns();
            return value(parts, "O")
                    .map(organisation -> value(parts, "CN")
                            .map(name -> organisation + ", " + name)
                            .orElse(organisation))
                    .or(() -> value(parts, "CN"))
                    .orElse(whole);
        } catch (InvalidNameException e) {
            return whole;
        }
    }

    private static Optional<String> value(List<Rdn> parts, String type) {
        return parts.stream()
                .filter(part -> part.getType().equalsIgnoreCase(type))
                .map(part -> part.getValue().toString())
                .findFirst();
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames() == null
                    ? List.of()
                    : certificate.getSubjectAlternativeNames().stream()
                            .map(pair -> String.valueOf(pair.get(1)))
                            .limit(MOST_NAMES)
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private HttpsView.@Nullable Failure failure(State state) {
        Failed failed = state.failed();
        Instant at = state.triedAt();
        if (failed == null || at == null || failed.trouble() == Trouble.TERMS) {
            return null;
        }
        Way way = failed.way() == null ? Way.first(mode.settings()) : failed.way();
        return new HttpsView.Failure(
                failed.trouble(),
                way.port(),
                failed.seen(),
                failed.resolved(),
                failed.until(),
                failed.type(),
                failed.detail(),
                at,
                state.nextAt());
    }

    /** Whether a try now is within all limits. */
    private static boolean hurries(State state, Instant now) {
        Failed failed = state.failed();
        boolean breath =
                state.triedAt() == null || !state.triedAt().plus(BREATH).isAfter(now);
        boolean limited = failed != null
                && failed.trouble() == Trouble.RATE
                && failed.until() != null
                && failed.until().isAfter(now);
        return breath && !limited && !Timetable.allowed(now, state.refused()).isAfter(now);
    }

    // ---- doing --------------------------------------------------------------------------------------------------

    @Override
    public boolean domain(String name, Actor actor) {
        Optional<String> domain = HttpsSettings.name(name);
        if (mode.fixed() || domain.isEmpty()) {
            return false;
        }
        transaction.executeWithoutResult(_ -> {
            if (rows.domain(domain.get())) {
                audit.add(actor, "https.domain", domain.get(), null, "", "");
            }
        });
        return true;
    }

    @Override
    public boolean agree(String terms, Actor actor) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            boolean done = rows.agree(terms, clock.instant());
            if (done) {
                audit.add(actor, "https.terms", mode.directory().getHost(), null, "", terms);
            }
            return done;
        }));
    }

    @Override
    public boolean tryNow(Actor actor) {
        Instant now = clock.instant();
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            State state = rows.state();
            boolean done = hurries(state, now) && rows.hurry(now, now.minus(BREATH));
            if (done) {
                audit.add(
                        actor,
                        "https.try",
                        String.valueOf(mode.domain(state.domain()).orElse("")),
                        null,
                        "",
                        "");
            }
            return done;
        }));
    }
}
