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
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Listeners that come after a transaction are outside it. Left to themselves they stand in one that is committed and still bound to
 * the thread: what they write by way of {@code @Transactional} or a template joins it, is never committed, and nobody is told. They wait
 * until its connection is back, see {@link AfterRelease}; with a manager that does not say when, the transaction is set aside for them.
 */
@Component
class AfterCommitListeners extends TransactionalEventListenerFactory implements BeanFactoryAware {
    /** Before the one that comes with the framework. */
    private static final int ORDER = 10;

    /** Made before beans can be injected; asked when the first event comes. */
    private @Nullable ObjectProvider<PlatformTransactionManager> transactions;

    AfterCommitListeners() {
        setOrder(ORDER);
    }

    @Override
    public void setBeanFactory(BeanFactory beans) {
        transactions = beans.getBeanProvider(PlatformTransactionManager.class);
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
        public void processEvent(ApplicationEvent event) {
            if (getTransactionPhase() == TransactionPhase.BEFORE_COMMIT) {
                super.processEvent(event);
                return;
            }
            if (TransactionSynchronizationManager.isActualTransactionActive()
                    && AfterRelease.add(() -> super.processEvent(event))) {
                return;
            }
            TransactionTemplate outside =
                    new TransactionTemplate(Objects.requireNonNull(transactions).getObject());
            outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
            outside.executeWithoutResult(_ -> super.processEvent(event));
        }
    }
}
