// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.support.TestPropertySourceUtils;

/** One PostgreSQL in each process for the test classes that kill it and start it again; nobody else does. Not for classes that run side by side. */
public final class MortalDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Path HOME = Path.of("target", "test-postgres", "mortal-" + UUID.randomUUID());
    private static EmbeddedPostgres server;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context instanceof BeanDefinitionRegistry beans) {
            beans.registerBeanDefinition("testPeople", new RootBeanDefinition(TestPeople.class));
        }
        if (server == null) {
            server = EmbeddedPostgres.start(
                    HOME.toAbsolutePath(),
                    Path.of("target", "test-postgres-programs").toAbsolutePath(),
                    EmbeddedPostgres.Durability.FULL);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        }
        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(
                context,
                "spring.datasource.url=" + server.jdbcUrl(),
                "spring.datasource.username=" + server.username(),
                "spring.datasource.password=" + server.password(),
                "millrace.rtmp.port=0",
                "millrace.rtsp.port=0",
                "millrace.srt.port=0",
                "millrace.webrtc.port=0",
                "millrace.http.port=0",
                "millrace.data-dir=" + HOME + "-data");
    }

    /** As a crash would. */
    public static void kill() throws IOException, InterruptedException {
        new PostgresProcesses(HOME.resolve("cluster").toAbsolutePath()).kill();
    }

    /** As a hanging disk would: it takes connections and answers nobody. */
    static void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    static void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private static void signal(String which) throws IOException, InterruptedException {
        PostgresProcesses processes =
                new PostgresProcesses(HOME.resolve("cluster").toAbsolutePath());
        for (ProcessHandle each :
                ProcessHandle.allProcesses().filter(processes::ours).toList()) {
            new ProcessBuilder("kill", which, String.valueOf(each.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    public static void revive() throws IOException, InterruptedException {
        server.launch();
    }
}
