// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Tells the world what a transaction did, once it stands: when it is rolled back nobody hears of it. When nobody knows what became of it
 * the work is done as well, and asks the database first where it would say or end something that may not be so.
 */
@Component
public class AfterCommit {
    record Due(Runnable work) {}

    private final ApplicationEventPublisher events;

    AfterCommit(ApplicationEventPublisher events) {
        this.events = events;
    }

    /** Does something after the transaction that this thread is in, in the order of the calls; at once where there is none. */
    public void run(Runnable work) {
        events.publishEvent(new Due(work));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void on(Due due) {
        due.work().run();
    }
}
