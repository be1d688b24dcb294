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
 * found within half a minute.
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
    private volatile Held held = Held.NOTHING;

    /**
     * All that is in force, at once.
     *
     * @param kept null for one that was made for now
     * @param domain that people come for
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
        if (held.chain() == null) {
            load();
        }
        return held;
    }

    // ---- what the site asks -------------------------------------------------------------------------------------

    /** The domain whose certificate is valid now. */
    Optional<String> domain() {
        Held now = held;
        Kept kept = now.kept();
        return kept != null && kept.domain().equals(now.domain()) && kept.validAt(clock.instant())
                ? Optional.of(kept.domain())
                : Optional.empty();
    }

    /** Where people reach that. */
    Optional<String> origin() {
        return domain().map(mode::origin);
    }

    /** Since when a valid certificate is there, and nothing failed. */
    Optional<Instant> healthySince() {
        return Optional.ofNullable(held.healthySince());
    }

    /** The end of the certificate that is kept. */
    Optional<Instant> until() {
        return Optional.ofNullable(held.kept()).map(Kept::until);
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
        Held before = held;
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

    private void put(Held next) {
        long before = held.version();
        held = next;
        address.certified(origin().orElse(null));
        if (next.version() != before) {
            listeners.forEach(Runnable::run);
        }
    }
}
