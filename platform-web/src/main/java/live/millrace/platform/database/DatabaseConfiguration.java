// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import javax.sql.DataSource;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.MachineSizes;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.task.SimpleAsyncTaskSchedulerCustomizer;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.scheduling.support.TaskUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;

/**
 * Watches the database, and brings the embedded server in where no other PostgreSQL is configured. Beans that use it are closed before
 * it is.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    static final String URL = "spring.datasource.url";

    /** What the address says, or nothing, where the server inside is meant. */
    static final String EMBEDDED = "embedded";

    @Bean(destroyMethod = "close")
    DatabaseProbe databaseProbe(ApplicationEventPublisher events) {
        return new DatabaseProbe(events);
    }

    @Bean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME)
    static SeparateNews applicationEventMulticaster(BeanFactory beans) {
        return new SeparateNews(beans);
    }

    /** Everybody gets the pool through the watch. */
    @Bean
    static BeanPostProcessor watchedPool(ObjectProvider<DatabaseProbe> probe) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof HikariDataSource pool)) {
                    return bean;
                }
                WatchedDataSource watched = new WatchedDataSource(pool, probe.getObject());
                probe.getObject().asks(unpooled(pool), () -> renew(pool), watched::cut);
                return watched;
            }
        };
    }

    private static void renew(HikariDataSource pool) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        // None was ever asked for where there is no such bean.
        if (connections != null) {
            connections.softEvictConnections();
        }
    }

    /**
     * The same without a pool, for asking whether the database is back: whoever waits for the pool meanwhile makes its tries come
     * further and further apart.
     */
    private static DataSource unpooled(HikariDataSource pool) {
        String address = pool.getJdbcUrl();
        if (address == null) {
            return pool;
        }
        DriverManagerDataSource single = new DriverManagerDataSource(address);
        single.setUsername(pool.getUsername());
        single.setPassword(pool.getPassword());
        single.setConnectionProperties(pool.getDataSourceProperties());
        return single;
    }

    /** Whatever ends the site may end the database as well, in any order. */
    @Bean
    ApplicationListener<ContextClosedEvent> endOfDatabase(
            DatabaseProbe probe, ObjectProvider<EmbeddedPostgres> embedded) {
        return _ -> {
            probe.close();
            embedded.ifAvailable(EmbeddedPostgres::expectEnd);
        };
    }

    @Bean
    PlatformTransactionManager transactionManager(ObjectProvider<TransactionManagerCustomizers> customizers) {
        PatientTransactions transactions = new PatientTransactions();
        customizers.ifAvailable(all -> all.customize((TransactionManager) transactions));
        return transactions;
    }

    @Bean
    ThreadPoolTaskSchedulerCustomizer quietPool() {
        return scheduler -> scheduler.setErrorHandler(DatabaseConfiguration::failed);
    }

    @Bean
    SimpleAsyncTaskSchedulerCustomizer quietScheduler() {
        return scheduler -> scheduler.setErrorHandler(DatabaseConfiguration::failed);
    }

    /** What is done every so often fails every so often while the database is away, which is said once and elsewhere. */
    private static void failed(Throwable failure) {
        if (!DatabaseState.causes(failure)) {
            TaskUtils.LOG_AND_SUPPRESS_ERROR_HANDLER.handleError(failure);
        }
    }

    /** The server inside. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = URL, matchIfMissing = true, havingValue = EMBEDDED)
    static class Embedded {

        @Bean(destroyMethod = "close")
        EmbeddedPostgres embeddedPostgres(
                ObjectProvider<EarlyPostgres> early, DataDirectory data, DatabaseProbe probe, Environment settings)
                throws InterruptedException {
            EarlyPostgres begun = early.getIfAvailable();
            EmbeddedPostgres server = begun == null
                    ? EarlyPostgres.start(data, PostgresSettings.sizes(settings, MachineSizes.here()))
                    : begun.take();
            server.supervise(new ServerWatch() {
                @Override
                public void gone(String what) {
                    probe.gone(what);
                }

                @Override
                public void back() {
                    // The probe sees for itself when the pool has connections again.
                }
            });
            return server;
        }

        @Bean
        JdbcConnectionDetails embeddedConnection(EmbeddedPostgres postgres) {
            return new JdbcConnectionDetails() {
                @Override
                public String getUsername() {
                    return postgres.username();
                }

                @Override
                public String getPassword() {
                    return postgres.password();
                }

                @Override
                public String getJdbcUrl() {
                    return postgres.jdbcUrl();
                }
            };
        }
    }
}
