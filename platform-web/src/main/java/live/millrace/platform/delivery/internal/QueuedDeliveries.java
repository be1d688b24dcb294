// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.DeliveryQueue;
import live.millrace.platform.shared.AfterCommit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Times here are the machine's, not those of the site's clock: they are compared with db-scheduler's. */
@Service
class QueuedDeliveries implements Deliveries, DeliveryQueue {
    private final DeliveryStore store;
    private final DeliveryTasks tasks;
    private final ObjectProvider<DeliveryWorker> worker;
    private final AfterCommit afterCommit;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    QueuedDeliveries(
            DeliveryStore store,
            DeliveryTasks tasks,
            ObjectProvider<DeliveryWorker> worker,
            AfterCommit afterCommit,
            TransactionTemplate transaction,
            JsonMapper json) {
        this.store = store;
        this.tasks = tasks;
        this.worker = worker;
        this.afterCommit = afterCommit;
        this.transaction = transaction;
        this.json = json;
    }

    @Override
    public boolean enqueue(String kind, String target, Object body, @Nullable String dedupKey) {
        return enqueue(kind, target, body, dedupKey, Instant.now());
    }

    @Override
    public boolean enqueue(String kind, String target, Object body, @Nullable String dedupKey, Instant notBefore) {
        String written = json.writeValueAsString(body);
        if (written.getBytes(StandardCharsets.UTF_8).length > MAX_BODY) {
            throw new IllegalArgumentException("The body of a delivery (" + kind + ") is too large");
        }
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<Long> added = store.add(kind, target, written, dedupKey, notBefore);
            added.ifPresent(id -> tasks.add(id, notBefore));
            if (added.isPresent()) {
                wake();
            }
            return added.isPresent();
        }));
    }

    /** The worker looks by itself every second; this only spares the wait. */
    private void wake() {
        afterCommit.run(() -> worker.getObject().wake());
    }

    // ---- for people -------------------------------------------------------------------------------------------

    @Override
    public Figures figures() {
        return store.figures();
    }

    @Override
    public List<Open> find(State state, long before, int most) {
        return store.find(state, before, most);
    }

    @Override
    public Optional<Open> again(long id) {
        Instant now = Instant.now();
        return Optional.ofNullable(transaction.execute(status -> {
            Open again = store.again(id, now).orElse(null);
            if (again != null && !tasks.again(id, now)) {
                status.setRollbackOnly();
                return null;
            }
            wake();
            return again;
        }));
    }

    @Override
    public Optional<Open> drop(long id) {
        // Its task finds nothing to do when it is due.
        return store.drop(id);
    }
}
