// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.MachineSizes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Begins to start the server inside as soon as the settings are known, while everything else is made that comes before the first
 * connection: a second processor has something to do. Whoever needs the server {@linkplain #take takes} it; a server that nobody took is
 * stopped at the end of the process.
 */
public final class EarlyPostgres implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyPostgres.class);

    /** Set while Spring writes beans out: nothing is started then. */
    private static final String WRITING = "spring.aot.processing";

    private static final long BREAK_OFF_SECONDS = 20;

    private final AtomicBoolean decided = new AtomicBoolean();
    private @Nullable FutureTask<EmbeddedPostgres> start;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment settings = context.getEnvironment();
        if (!isWanted(settings) || Boolean.getBoolean(WRITING)) {
            return;
        }
        DataDirectory data = Binder.get(settings).bindOrCreate("millrace", DataDirectory.class);
        PostgresSettings.Sizes sizes = PostgresSettings.sizes(settings, MachineSizes.here());
        FutureTask<EmbeddedPostgres> begun = new FutureTask<>(() -> start(data, sizes));
        start = begun;
        Runtime.getRuntime().addShutdownHook(new Thread(this::breakOff, "postgres-unused"));
        context.getBeanFactory().registerSingleton("earlyPostgres", this);
        Thread thread = new Thread(begun, "postgres-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isWanted(Environment settings) {
        return settings.getProperty(DatabaseConfiguration.URL, DatabaseConfiguration.EMBEDDED)
                .equalsIgnoreCase(DatabaseConfiguration.EMBEDDED);
    }

    static EmbeddedPostgres start(DataDirectory data, PostgresSettings.Sizes sizes) {
        Path home = data.resolve("postgres");
        if (!Files.isDirectory(home)) {
            LOG.info("Making a database in {}: a first start takes longer", home);
        }
        return EmbeddedPostgres.start(home, sizes);
    }

    /**
     * Waits for the server. Who takes it closes it.
     *
     * @throws live.millrace.platform.shared.StartupException if it could not be started, with what to do
     */
    EmbeddedPostgres take() throws InterruptedException {
        FutureTask<EmbeddedPostgres> begun = start;
        if (begun == null) {
            throw new IllegalStateException("no server was begun");
        }
        try {
            EmbeddedPostgres server = begun.get();
            // Not before: whoever is ended while waiting takes nothing.
            if (!decided.compareAndSet(false, true)) {
                throw new IllegalStateException("the server is somebody's, or the process ends");
            }
            return server;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The process ends before anybody asked for the server. */
    void breakOff() {
        FutureTask<EmbeddedPostgres> begun = start;
        if (begun == null || !decided.compareAndSet(false, true)) {
            return;
        }
        try {
            begun.get(BREAK_OFF_SECONDS, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            // The next start clears up after it.
            LOG.debug("No server to stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
