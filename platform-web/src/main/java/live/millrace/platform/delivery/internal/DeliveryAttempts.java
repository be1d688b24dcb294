// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.shared.DatabaseState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Tries one delivery, and writes down how it went. */
@Component
class DeliveryAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempts.class);

    /** That the database went is no fault of a delivery's: not counted, and not said here. */
    private static final Duration AFTER_ABSENCE = Duration.ofSeconds(1);

    /** One thread is left for what waits for nobody, however long mail servers are silent. */
    private static final int OUTSIDE_AT_ONCE = DeliveryWorker.THREADS - 1;

    private static final Duration UNTIL_FREE = Duration.ofSeconds(5);

    private final Semaphore outside = new Semaphore(OUTSIDE_AT_ONCE);
    private final DeliveryStore store;
    private final ObjectProvider<DeliveryHandler> handlers;
    private final TransactionTemplate transaction;
    private final Counter failures;
    private volatile Map<String, DeliveryHandler> byKind = Map.of();

    /** Kinds that failed the last time: said once, however many wait. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    DeliveryAttempts(
            DeliveryStore store,
            ObjectProvider<DeliveryHandler> handlers,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        this.store = store;
        this.handlers = handlers;
        this.transaction = transaction;
        this.failures = meters.counter("millrace.deliveries.failures");
    }

    /** Once all beans are there: handlers use what itself puts deliveries down. */
    void begin() {
        List<DeliveryHandler> all = handlers.orderedStream().toList();
        byKind = all.stream().collect(Collectors.toUnmodifiableMap(DeliveryHandler::kind, Function.identity()));
    }

    /** Answers when it is to be tried again; nothing when there is no more to do. */
    Optional<Instant> attempt(long id) {
        try {
            Optional<Delivery> found = store.waiting(id);
            if (found.isPresent() && !free(found.get())) {
                return Optional.of(Instant.now().plus(UNTIL_FREE));
            }
            if (found.isEmpty()) {
                // Done by a process that died before it could say so, or dropped.
                return Optional.empty();
            }
            return settle(found.get(), tried(found.get()));
        } catch (RuntimeException e) {
            if (!DatabaseState.causes(e)) {
                throw e;
            }
            return Optional.of(Instant.now().plus(AFTER_ABSENCE));
        }
    }

    /** Takes a place for one that may wait for somebody outside, a mail server that is silent; false while all are taken. */
    private boolean free(Delivery delivery) {
        DeliveryHandler handler = byKind.get(delivery.kind());
        return handler == null || handler.inDatabase() || outside.tryAcquire();
    }

    /** Answers what is still to be written down. */
    private @Nullable Outcome tried(Delivery delivery) {
        DeliveryHandler handler = byKind.get(delivery.kind());
        if (handler == null) {
            return new Outcome.Later("no handler");
        }
        try {
            return handler.inDatabase() ? within(handler, delivery) : withoutConnection(handler, delivery);
        } catch (RuntimeException e) {
            if (DatabaseState.causes(e)) {
                throw e;
            }
            LOG.debug("Delivery {} failed", delivery.id(), e);
            return new Outcome.Later(types(e));
        }
    }

    private Outcome withoutConnection(DeliveryHandler handler, Delivery delivery) {
        try {
            return handler.deliver(delivery);
        } finally {
            outside.release();
        }
    }

    /** The effect, and that it is done, or neither. Whoever holds the row is the only one at it, whatever the others believe. */
    private @Nullable Outcome within(DeliveryHandler handler, Delivery delivery) {
        return transaction.execute(status -> {
            if (!store.lock(delivery.id())) {
                return null;
            }
            Outcome outcome = handler.deliver(delivery);
            return switch (outcome) {
                case Outcome.Done _, Outcome.Gone _ -> {
                    finish(delivery, outcome);
                    yield null;
                }
                case Outcome.Later _, Outcome.Never _ -> {
                    status.setRollbackOnly();
                    yield outcome;
                }
            };
        });
    }

    private void finish(Delivery delivery, Outcome outcome) {
        if (failing.remove(delivery.kind())) {
            LOG.info("Deliveries ({}) succeed again", delivery.kind());
        }
        store.finish(delivery.id(), outcome instanceof Outcome.Gone ? "DROPPED" : "DONE");
    }

    private Optional<Instant> settle(Delivery delivery, @Nullable Outcome outcome) {
        int failed = delivery.attempts() + 1;
        return switch (outcome) {
            case null -> Optional.empty();
            case Outcome.Done _, Outcome.Gone _ -> {
                finish(delivery, outcome);
                yield Optional.empty();
            }
            case Outcome.Never never -> {
                park(delivery, failed, never.why());
                yield Optional.empty();
            }
            case Outcome.Later later -> {
                failures.increment();
                if (failing.add(delivery.kind())) {
                    LOG.warn("A delivery ({}) failed, and is tried again: {}", delivery.kind(), later.why());
                }
                if (failed >= Backoff.ATTEMPTS) {
                    park(delivery, failed, later.why());
                    yield Optional.empty();
                }
                Instant next = Instant.now().plus(Backoff.after(failed));
                store.later(delivery.id(), failed, next, later.why());
                yield Optional.of(next);
            }
        };
    }

    private void park(Delivery delivery, int failed, String why) {
        store.park(delivery.id(), failed, why);
        LOG.warn("A delivery ({}) is parked after {} attempts: {}", delivery.kind(), failed, why);
    }

    /** What kind of failure, and what caused it; never their words. */
    private static String types(Throwable failure) {
        String type = failure.getClass().getSimpleName();
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && cause.getCause() != null && depth < DatabaseState.DEEPEST; depth++) {
            cause = cause.getCause();
        }
        return cause == null ? type : type + ": " + cause.getClass().getSimpleName();
    }
}
