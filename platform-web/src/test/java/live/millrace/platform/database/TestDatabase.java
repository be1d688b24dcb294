// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.nio.file.Path;
import java.util.UUID;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * A real PostgreSQL for tests: the site's own launcher with durability off, one server for the test run, a fresh database for each
 * application context. Used by {@code @ContextConfiguration(initializers = TestDatabase.class)}.
 */
public final class TestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static EmbeddedPostgres server;

    static synchronized EmbeddedPostgres server() {
        if (server == null) {
            Path home = Path.of("target", "test-postgres", UUID.randomUUID().toString());
            server = EmbeddedPostgres.start(
                    home.toAbsolutePath(),
                    Path.of("target", "test-postgres-programs").toAbsolutePath(),
                    EmbeddedPostgres.Durability.NONE);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        }
        return server;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context instanceof BeanDefinitionRegistry beans) {
            beans.registerBeanDefinition("brokenConnections", new RootBeanDefinition(BrokenConnections.class));
        }
        EmbeddedPostgres postgres = server();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        postgres.createDatabase(name);
        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(
                context,
                "spring.datasource.url=" + postgres.url(name),
                "spring.datasource.username=" + postgres.username(),
                "spring.datasource.password=" + postgres.password(),
                "spring.datasource.hikari.maximum-pool-size=5",
                "millrace.rtmp.port=0",
                "millrace.http.port=0",
                "millrace.data-dir=target/test-data/" + name);
    }
}
