// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509ExtendedKeyManager;
import live.millrace.platform.engine.ServedCertificate;
import live.millrace.platform.https.internal.HandshakeKeys.Chain;
import live.millrace.platform.https.internal.KeptCertificates.Kept;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What this process encrypts with: the newest certificate that is kept, or one of its own until there is one. What another process got is
 * found within half a minute. The site speaks of a certificate when the ports have it, and of the one before until then; of another domain's too.
 */
@Component
class HeldCertificate implements ServedCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(HeldCertificate.class);
    private static final int LOOK_MILLIS = 30_000;
    private static final String NAMELESS = "localhost";

    private final HttpsMode mode;
    private final HttpsRows rows;
    private final KeptCertificates certificates;
    private final SiteAddress address;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** What the ports shall have. */
    private volatile Held offered = Held.NOTHING;

    /** What they have. */
    private volatile Held held = Held.NOTHING;

    /**
     * All of it, at once.
     *
     * @param kept null for one that was made for now
     * @param domain that people shall come for; another than the certificate's until there is one for it
     * @param healthySince null where something failed, or nothing went well so far
     */
    private record Held(
            long version,
            @Nullable Kept kept,
            @Nullable Chain chain,
            @Nullable Chain proof,
            @Nullable String domain,
            @Nullable Instant healthySince) {
        static final Held NOTHING = new Held(0, null, null, null, null, null);
    }

    HeldCertificate(HttpsMode mode, HttpsRows rows, KeptCertificates certificates, SiteAddress address, Clock clock) {
        this.mode = mode;
        this.rows = rows;
        this.certificates = certificates;
        this.address = address;
        this.clock = clock;
    }

    // ---- what the engine asks -----------------------------------------------------------------------------------

    @Override
    public X509ExtendedKeyManager keys() {
        Held now = ready();
        return new HandshakeKeys(Objects.requireNonNull(now.chain()), now.proof());
    }

    @Override
    public long version() {
        return ready().version();
    }

    @Override
    public List<String> proofs() {
        return ready().proof() == null ? List.of() : List.of(HandshakeKeys.ACME);
    }

    @Override
    public boolean trusted() {
        return origin().isPresent();
    }

    @Override
    public void onChange(Runnable changed) {
        listeners.add(changed);
    }

    private Held ready() {
        if (offered.chain() == null) {
            load();
        }
        return offered;
    }

    // ---- what the site asks -------------------------------------------------------------------------------------

    /** The certificate that the ports have, if somebody vouches for it. */
    Optional<Kept> kept() {
        return Optional.ofNullable(held.kept());
    }

    /** The domain whose certificate is in force. */
    Optional<String> domain() {
        return kept().filter(kept -> !kept.over(clock.instant())).map(Kept::domain);
    }

    /** The domain that there shall be a certificate for, and is none so far. */
    Optional<String> awaited() {
        Held now = held;
        return Optional.ofNullable(now.domain())
                .filter(domain ->
                        now.kept() == null || !domain.equals(now.kept().domain()));
    }

    /** Where people reach that. */
    Optional<String> origin() {
        return domain().map(mode::origin);
    }

    /** Since when a certificate is there, and nothing failed. */
    Optional<Instant> healthySince() {
        return Optional.ofNullable(held.healthySince());
    }

    /** The end of the certificate that is kept. */
    Optional<Instant> until() {
        return kept().map(Kept::until);
    }

    // ---- changes ------------------------------------------------------------------------------------------------

    @Scheduled(fixedDelay = LOOK_MILLIS, initialDelay = LOOK_MILLIS)
    void look() {
        if (!mode.active()) {
            return;
        }
        try {
            load();
        } catch (DataAccessException away) {
            LOG.debug("The database is away", away);
        }
    }

    /** Takes over what is kept, where it is another. Blocks for the database. */
    synchronized void load() {
        HttpsRows.State state = rows.state();
        String domain = mode.domain(state.domain()).orElse(null);
        Held before = offered;
        Kept kept = kept(domain, before.kept());
        boolean same = before.chain() != null && Objects.equals(id(kept), id(before.kept()));
        Chain chain = same ? before.chain() : chain(kept, domain);
        put(new Held(
                same ? before.version() : before.version() + 1,
                kept,
                chain,
                before.proof(),
                domain,
                state.healthySince()));
    }

    private static @Nullable Long id(@Nullable Kept kept) {
        return kept == null ? null : kept.id();
    }

    private @Nullable Kept kept(@Nullable String domain, @Nullable Kept before) {
        try {
            Kept found = certificates
                    .find(domain == null ? "" : domain, mode.directory().toString())
                    .orElse(null);
            return found != null && before != null && found.id() == before.id() ? before : found;
        } catch (HttpsFailure unreadable) {
            LOG.debug("What is kept cannot be opened: {}", unreadable.detail());
            return before;
        }
    }

    private Chain chain(@Nullable Kept kept, @Nullable String domain) {
        if (kept != null) {
            return new Chain(kept.keys().getPrivate(), kept.chain().toArray(X509Certificate[]::new));
        }
        KeyPair keys = KeyPairs.make();
        return new Chain(
                keys.getPrivate(),
                new X509Certificate[] {SelfSigned.forNow(keys, domain == null ? NAMELESS : domain, clock.instant())});
    }

    /** Answers handshakes that want a proof, until told otherwise. */
    synchronized void prove(@Nullable Chain proof) {
        Held before = ready();
        put(new Held(
                before.version() + 1, before.kept(), before.chain(), proof, before.domain(), before.healthySince()));
    }

    /** Blocks until the ports have it: nobody is sent to a certificate that is not there. */
    private void put(Held next) {
        long before = offered.version();
        offered = next;
        if (next.version() != before) {
            listeners.forEach(Runnable::run);
        }
        held = next;
        address.certified(origin().orElse(null));
    }
}
