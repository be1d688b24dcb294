// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections as all tests have them: one that is asked for by a thread which holds another is refused, for as many threads as the pool
 * has connections would wait for each other. A test may have the answer to its thread's next commit lost. Comes behind all others that
 * wrap the pool.
 */
public final class BrokenConnections implements MergedBeanDefinitionPostProcessor {
    /** What becomes of a commit whose answer is lost. */
    public enum Fate {
        MADE,
        UNMADE
    }

    private static final ThreadLocal<Integer> HELD = ThreadLocal.withInitial(() -> 0);
    private static final ThreadLocal<@Nullable Fate> NEXT = new ThreadLocal<>();

    /** Breaks the next commit of this thread that may have written something. */
    public static void nextCommit(Fate fate) {
        NEXT.set(fate);
    }

    @Override
    public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String name) {
        // it is here for its place in the order
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source && !(bean instanceof HikariDataSource) ? new Wrapped(source) : bean;
    }

    private static final class Wrapped extends DelegatingDataSource {
        Wrapped(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (HELD.get() > 0 && !migrates()) {
                throw new IllegalStateException("a thread that holds a connection asks for another");
            }
            Connection connection = super.getConnection();
            HELD.set(HELD.get() + 1);
            return wrap(connection);
        }
    }

    /** While the site starts it is alone. */
    private static boolean migrates() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith("org.flywaydb.")));
    }

    private static Connection wrap(Connection real) {
        AtomicBoolean held = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(
                BrokenConnections.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    try {
                        switch (method.getName()) {
                            case "close" -> {
                                if (held.getAndSet(false)) {
                                    HELD.set(HELD.get() - 1);
                                }
                            }
                            case "commit" -> lose(real);
                            default -> {
                                // as it is
                            }
                        }
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void lose(Connection real) throws SQLException {
        Fate fate = NEXT.get();
        if (fate == null || real.isReadOnly()) {
            return;
        }
        NEXT.remove();
        if (fate == Fate.MADE) {
            real.commit();
        } else {
            real.rollback();
        }
        throw new SQLException("The answer was lost", "08006");
    }
}
