// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListenerMethodAdapter;
import org.springframework.transaction.event.TransactionalEventListenerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Listeners that come after a transaction are outside it. Left to themselves they stand in one that is committed and still bound to
 * the thread: what they write by way of {@code @Transactional} or a template joins it, is never committed, and nobody is told. They wait
 * until its connection is back, see {@link AfterRelease}; with a manager that does not say when, the transaction is set aside for them.
 *
 * <p>They hear as well of what may have been committed: when the answer to a commit is lost, the work may stand, and whoever was to lose
 * a right must not keep it because of that. So a listener that would tell or end something for good asks the database first whether it
 * is so. One that misses the database is called again when that is back.
 */
@Component
class AfterCommitListeners extends TransactionalEventListenerFactory implements BeanFactoryAware {
    /** Before the one that comes with the framework. */
    private static final int ORDER = 10;

    /** Made before beans can be injected; asked when the first event comes. */
    private @Nullable ObjectProvider<PlatformTransactionManager> transactions;

    private @Nullable ObjectProvider<AfterAbsence> absences;

    AfterCommitListeners() {
        setOrder(ORDER);
    }

    @Override
    public void setBeanFactory(BeanFactory beans) {
        transactions = beans.getBeanProvider(PlatformTransactionManager.class);
        absences = beans.getBeanProvider(AfterAbsence.class);
    }

    @Override
    public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
        return new Outside(beanName, type, method);
    }

    private final class Outside extends TransactionalApplicationListenerMethodAdapter {
        Outside(String beanName, Class<?> type, Method method) {
            super(beanName, type, method);
        }

        @Override
        public void onApplicationEvent(ApplicationEvent event) {
            super.onApplicationEvent(event);
            if (getTransactionPhase() == TransactionPhase.AFTER_COMMIT
                    && TransactionSynchronizationManager.isSynchronizationActive()
                    && TransactionSynchronizationManager.isActualTransactionActive()) {
                TransactionSynchronizationManager.registerSynchronization(
                        new Unheard(getOrder(), () -> processEvent(event)));
            }
        }

        @Override
        public void processEvent(ApplicationEvent event) {
            if (getTransactionPhase() == TransactionPhase.BEFORE_COMMIT) {
                super.processEvent(event);
                return;
            }
            if (TransactionSynchronizationManager.isActualTransactionActive() && AfterRelease.add(() -> hear(event))) {
                return;
            }
            TransactionTemplate outside =
                    new TransactionTemplate(Objects.requireNonNull(transactions).getObject());
            outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
            outside.executeWithoutResult(_ -> hear(event));
        }

        private void hear(ApplicationEvent event) {
            try {
                super.processEvent(event);
            } catch (RuntimeException e) {
                if (!DatabaseState.causes(e)) {
                    throw e;
                }
                Objects.requireNonNull(absences).getObject().add(() -> super.processEvent(event));
            }
        }
    }

    /** Nobody knows what became of the commit. */
    private record Unheard(int order, Runnable listener) implements TransactionSynchronization {
        @Override
        public int getOrder() {
            return order;
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_UNKNOWN) {
                listener.run();
            }
        }
    }
}
