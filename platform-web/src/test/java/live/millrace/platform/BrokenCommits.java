// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/**
 * A database that fails at the moments that hurt: wraps the transactions of one thread, and breaks the next commits as it is told.
 * Other threads notice nothing.
 */
final class BrokenCommits implements BeanPostProcessor {
    /** What becomes of a commit. */
    enum Fate {
        /** It is made, and its answer is lost. */
        MADE_UNHEARD,
        /** It is not made, and its answer is lost. */
        UNMADE_UNHEARD,
        /** The server's process dies before it gets the word. */
        KILLED_BEFORE,
        /** It is made, then the server's process dies. */
        KILLED_AFTER
    }

    private final String thread;
    private final ObjectProvider<DataSource> database;
    private final List<Fate> fates = new CopyOnWriteArrayList<>();
    private final AtomicInteger away = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    BrokenCommits(String thread, ObjectProvider<DataSource> database) {
        this.thread = thread;
        this.database = database;
    }

    /** Breaks the next commit, and the database is away for some transactions behind it. */
    void next(Fate fate, int awayFor) {
        away.set(awayFor);
        refused.set(0);
        fates.add(fate);
    }

    /** How many transactions could not begin since. */
    int refused() {
        return refused.get();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof PlatformTransactionManager manager ? new Wrapped(manager) : bean;
    }

    private final class Wrapped implements PlatformTransactionManager {
        private final PlatformTransactionManager manager;

        private Wrapped(PlatformTransactionManager manager) {
            this.manager = manager;
        }

        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            if (Thread.currentThread().getName().equals(thread) && fates.isEmpty() && away.get() > 0) {
                away.decrementAndGet();
                refused.incrementAndGet();
                throw new CannotCreateTransactionException("No database here");
            }
            return manager.getTransaction(definition);
        }

        @Override
        public void rollback(TransactionStatus status) {
            manager.rollback(status);
        }

        @Override
        public void commit(TransactionStatus status) {
            if (!Thread.currentThread().getName().equals(thread) || fates.isEmpty()) {
                manager.commit(status);
                return;
            }
            switch (fates.removeFirst()) {
                case MADE_UNHEARD -> {
                    manager.commit(status);
                    throw new DataAccessResourceFailureException("The answer was lost");
                }
                case UNMADE_UNHEARD -> {
                    manager.rollback(status);
                    throw new DataAccessResourceFailureException("The answer was lost");
                }
                case KILLED_BEFORE -> {
                    kill(pid());
                    manager.commit(status);
                }
                case KILLED_AFTER -> {
                    int pid = pid();
                    manager.commit(status);
                    kill(pid);
                    throw new DataAccessResourceFailureException("The answer was lost");
                }
            }
        }

        private int pid() {
            DataSource source = database.getObject();
            return JdbcClient.create(new SingleConnectionDataSource(DataSourceUtils.getConnection(source), true))
                    .sql("select pg_backend_pid()")
                    .query(Integer.class)
                    .single();
        }

        private void kill(int pid) {
            // On a connection of its own: this thread's belongs to the transaction.
            Thread killer = Thread.ofPlatform()
                    .start(() -> JdbcClient.create(database.getObject())
                            .sql("select pg_terminate_backend(?, 5000)")
                            .param(pid)
                            .query(Boolean.class)
                            .single());
            try {
                killer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
