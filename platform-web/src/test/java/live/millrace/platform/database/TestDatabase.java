// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.WritingListener;
import live.millrace.platform.moderation.TestCases;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * A real PostgreSQL for tests: the site's own launcher with durability off, one server for each process of the test run, a fresh
 * database for each application context, copied from one that was migrated once. Used by
 * {@code @ContextConfiguration(initializers = TestDatabase.class)}.
 */
public final class TestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final String MIGRATED = "migrated";

    private static final List<String> PUT_OFF = List.of(
            "forget.evidence",
            "forget.guests",
            "forget.messages",
            "forget.video-views",
            "recording.pictures",
            "recording.retention",
            "recording.storyboards",
            "recording.sweep",
            "recording.uploads");

    private static EmbeddedPostgres server;

    static synchronized EmbeddedPostgres server() {
        if (server == null) {
            Path home = Path.of("target", "test-postgres", UUID.randomUUID().toString());
            server = EmbeddedPostgres.start(
                    home.toAbsolutePath(),
                    Path.of("target", "test-postgres-programs").toAbsolutePath(),
                    EmbeddedPostgres.Durability.NONE);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.createDatabase(MIGRATED);
            Flyway.configure()
                    .dataSource(server.url(MIGRATED), server.username(), server.password())
                    .load()
                    .migrate();
            putOff(server);
        }
        return server;
    }

    /**
     * What is done by itself every few minutes, and takes away or makes what tests are about, waits for longer than they take: they do it
     * themselves, and alone.
     */
    private static void putOff(EmbeddedPostgres postgres) {
        try (Connection connection =
                        DriverManager.getConnection(postgres.url(MIGRATED), postgres.username(), postgres.password());
                PreparedStatement statement = connection.prepareStatement("""
                        insert into delivery_task (task_name, task_instance, execution_time, picked, version)
                        select name, 'recurring', now() + interval '1 day', false, 1 from unnest(?) name
                        """)) {
            statement.setArray(1, connection.createArrayOf("text", PUT_OFF.toArray()));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a database is. */
    public record Place(String url, String username, String password) {}

    /** A database of its own for whoever has no context. */
    public static Place fresh() {
        EmbeddedPostgres postgres = server();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        copy(postgres, name);
        return new Place(postgres.url(name), postgres.username(), postgres.password());
    }

    /** One without tables. */
    public static Place empty() {
        EmbeddedPostgres postgres = server();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        postgres.createDatabase(name);
        return new Place(postgres.url(name), postgres.username(), postgres.password());
    }

    private static void copy(EmbeddedPostgres postgres, String name) {
        try (Connection connection = postgres.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + MIGRATED + " owner " + postgres.username());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context instanceof BeanDefinitionRegistry beans) {
            beans.registerBeanDefinition("brokenConnections", new RootBeanDefinition(BrokenConnections.class));
            beans.registerBeanDefinition("testPeople", new RootBeanDefinition(TestPeople.class));
            beans.registerBeanDefinition("testCases", new RootBeanDefinition(TestCases.class));
            beans.registerBeanDefinition("writingListener", new RootBeanDefinition(WritingListener.class));
            beans.registerBeanDefinition("quickPasswords", new RootBeanDefinition(QuickPasswords.class));
        }
        Place place = fresh();
        String name = place.url().substring(place.url().lastIndexOf('/') + 1);
        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(
                context,
                "spring.datasource.url=" + place.url(),
                "spring.datasource.username=" + place.username(),
                "spring.datasource.password=" + place.password(),
                "spring.datasource.hikari.maximum-pool-size=5",
                "millrace.rtmp.port=0",
                "millrace.rtsp.port=0",
                "millrace.srt.port=0",
                "millrace.webrtc.port=0",
                "millrace.http.port=0",
                "millrace.data-dir=target/test-data/" + name);
    }
}
