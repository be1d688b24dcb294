// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.https.internal.HttpsRows.Failed;
import live.millrace.platform.https.internal.HttpsRows.State;
import live.millrace.platform.https.internal.KeptCertificates.Kept;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sees to it that there is a certificate: looks every few seconds whether one is wanted, and whether it is time. The queue has one process
 * do it, however many there are; it takes one of the queue's threads for as long as an order takes, once in weeks.
 */
@Component
class CertificateWork implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWork.class);

    /** A person who pressed a button waits for it. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** With nothing to do. Not longer: a site that is started with a domain goes on from when the last process would have looked. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** What an order takes at most, and a little. */
    private static final Duration AT_WORK = Duration.ofMinutes(8);

    /** Between the beginnings of two orders, if nothing failed. */
    private static final Duration BREATH = Duration.ofMinutes(1);

    private static final Duration NOT_SAID = Duration.ofHours(1);
    private static final Duration NO_END = Duration.ofDays(3_650);
    private static final Duration ONE_LINE = Duration.ofDays(1);
    private static final int MOST_ADDRESSES = 4;
    private static final int MOST_RESOLVED = 250;

    private final HttpsMode mode;
    private final HttpsRows rows;
    private final KeptCertificates certificates;
    private final CertificateOrder order;
    private final HeldCertificate held;
    private final HttpsMeters meters;
    private final Clock clock;
    private volatile Instant saidAt = Instant.EPOCH;
    private final AtomicLong tries = new AtomicLong();

    CertificateWork(
            HttpsMode mode,
            HttpsRows rows,
            KeptCertificates certificates,
            CertificateOrder order,
            HeldCertificate held,
            HttpsMeters meters,
            Clock clock) {
        this.mode = mode;
        this.rows = rows;
        this.certificates = certificates;
        this.order = order;
        this.held = held;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "https-certificate";
    }

    @Override
    public Duration every() {
        return mode.active() ? EVERY : IDLE;
    }

    @Override
    public void run() {
        if (!mode.active()) {
            return;
        }
        State state = rows.state();
        String domain = mode.domain(state.domain()).orElse(null);
        if (domain == null) {
            return;
        }
        String what = mode.what(domain);
        if (!what.equals(state.triedFor())) {
            rows.anew(what);
            state = rows.state();
            held.load();
        }
        Instant now = clock.instant();
        Kept kept;
        try {
            kept = fitting(domain);
        } catch (HttpsFailure unreadable) {
            // Whatever is kept is of no use; a new one is got.
            kept = null;
        }
        boolean agreedSince = state.failed() != null
                && state.failed().trouble() == Trouble.TERMS
                && mode.settings().termsAgreed();
        if (agreedSince || due(state, kept, now)) {
            attempt(domain, state, kept, now);
        }
    }

    private void attempt(String domain, State state, @Nullable Kept kept, Instant now) {
        Way way = state.way() == null ? Way.first(mode.settings()) : state.way();
        rows.begin(now, now.plus(AT_WORK), way);
        tries.incrementAndGet();
        try {
            order.obtain(domain, way, state.termsAgreed());
            succeeded(domain, kept != null);
        } catch (HttpsFailure failure) {
            // The site stops, and says nothing of the directory by it; the next process goes on.
            if (!Thread.currentThread().isInterrupted()) {
                failed(failure, domain, way, state, kept);
            }
        } catch (StackOverflowError e) {
            // Of an answer that is nested without end; the library reads it by calling itself.
            failed(HttpsFailure.of(Trouble.OTHER, "an answer that is nested too deep"), domain, way, state, kept);
        } catch (RuntimeException e) {
            // Ours to mend; the directory is not asked every few seconds meanwhile.
            failed(HttpsFailure.of(Trouble.OTHER, e.toString()), domain, way, state, kept);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Kept fitting(String domain) throws HttpsFailure {
        String directory = mode.directory().toString();
        return certificates
                .find(domain, directory)
                .filter(each -> each.domain().equals(domain) && each.directory().equals(directory))
                .orElse(null);
    }

    /** Whether it is time. A clock that was wrong once may have written any time down: none is believed that nobody would choose. */
    static boolean due(State state, @Nullable Kept kept, Instant now) {
        Instant next = state.nextAt();
        if (state.failed() != null) {
            return next == null || !next.isAfter(now) || next.isAfter(now.plus(Timetable.LONGEST_LIMIT));
        }
        Instant tried = state.triedAt();
        boolean justTried =
                tried != null && !tried.isAfter(now) && tried.plus(BREATH).isAfter(now);
        if (kept == null) {
            // A process that was killed in the middle of an order did not get to say so.
            return state.workingUntil() == null || !justTried;
        }
        // Whatever a life of seconds or a clock may say: never one right after the other.
        return !kept.renewal().isAfter(now) && !justTried;
    }

    private void succeeded(String domain, boolean renewed) throws HttpsFailure {
        Kept got = fitting(domain);
        if (got == null) {
            throw new IllegalStateException("what was kept is not there");
        }
        // First the ports, then the word.
        held.load();
        rows.succeeded(clock.instant(), got.renewal());
        LOG.info(
                "{} for {}, valid until {}",
                renewed ? "Renewed the certificate" : "Obtained a certificate",
                domain,
                got.until());
    }

    private void failed(HttpsFailure failure, String domain, Way way, State state, @Nullable Kept kept) {
        meters.failed();
        Instant now = clock.instant();
        if (failure.trouble() == Trouble.ACCOUNT) {
            certificates.forget(mode.directory().toString());
        }
        List<Instant> refused = new ArrayList<>(state.refused());
        if (failure.refused()) {
            refused.add(now);
        }
        List<Instant> counted = HttpsRows.newest(refused, Timetable.REFUSALS);
        Instant next = next(failure, state.failures() + 1, kept, now, counted);
        rows.failed(
                new Failed(
                        failure.trouble(),
                        way,
                        failure.type(),
                        failure.detail(),
                        TroubleFinder.seen(failure.detail()).orElse(null),
                        asksForUs(failure.trouble()) ? resolved(domain) : null,
                        failure.until()),
                next,
                counted,
                failure.trouble().ofTheWay() ? way.other() : way);
        held.load();
        say(failure, domain, next, now);
    }

    private static boolean asksForUs(Trouble trouble) {
        return trouble == Trouble.NO_NAME || trouble.ofTheWay();
    }

    private static Instant next(
            HttpsFailure failure, int failures, @Nullable Kept kept, Instant now, List<Instant> refused) {
        Duration left = kept == null ? NO_END : Duration.between(now, kept.until());
        Instant next =
                now.plus(Timetable.pause(failures, ThreadLocalRandom.current().nextDouble(), left));
        if (failure.trouble() == Trouble.RATE) {
            Instant until = Optional.ofNullable(failure.until()).orElse(now.plus(NOT_SAID));
            Instant latest = now.plus(Timetable.LONGEST_LIMIT);
            Instant believed = until.isAfter(latest) ? latest : until;
            next = believed.isAfter(next) ? believed : next;
        }
        return Timetable.allowed(next, refused);
    }

    /** What the name means here. Blocks for name servers. */
    private static @Nullable String resolved(String domain) {
        try {
            String all = Arrays.stream(InetAddress.getAllByName(domain))
                    .limit(MOST_ADDRESSES)
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", "));
            return all.length() > MOST_RESOLVED ? all.substring(0, MOST_RESOLVED) : all;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** One line a day: who does not read the first does not read the hundredth. */
    private void say(HttpsFailure failure, String domain, Instant next, Instant now) {
        boolean again = Duration.between(saidAt, now).abs().compareTo(ONE_LINE) < 0;
        if (again || failure.trouble() == Trouble.TERMS) {
            LOG.debug("No certificate for {}: {}", domain, failure.trouble());
            return;
        }
        saidAt = now;
        LOG.warn(
                "There is no new certificate for {}: {}, {}. It is tried again at {}; /admin/https says what to do.",
                domain,
                failure.trouble(),
                failure.detail(),
                next);
    }

    /** How often a directory was asked, for tests. */
    long tries() {
        return tries.get();
    }
}
