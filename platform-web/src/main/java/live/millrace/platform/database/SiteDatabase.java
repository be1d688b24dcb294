// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.MachineSizes;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The database of an installation, for tasks beside the site: that of the site that runs, the server inside where none runs, or the one
 * that is configured. What was started for it stops when it is closed.
 */
public final class SiteDatabase implements AutoCloseable {
    private static final String LOGIN_SECONDS = "10";

    private final EmbeddedPostgres.Place place;
    private final @Nullable EmbeddedPostgres started;
    private final boolean embedded;

    private SiteDatabase(EmbeddedPostgres.Place place, @Nullable EmbeddedPostgres started, boolean embedded) {
        this.place = place;
        this.started = started;
        this.embedded = embedded;
    }

    /**
     * Finds the database that settings mean.
     *
     * @param make whether one may be made where there is none yet
     * @throws StartupException if there is none, or it does not start, with what to do
     */
    public static SiteDatabase open(Environment settings, boolean make) {
        String url = settings.getProperty(DatabaseConfiguration.URL, DatabaseConfiguration.EMBEDDED);
        if (!url.equalsIgnoreCase(DatabaseConfiguration.EMBEDDED)) {
            return new SiteDatabase(
                    new EmbeddedPostgres.Place(
                            url,
                            settings.getProperty("spring.datasource.username", ""),
                            settings.getProperty("spring.datasource.password", "")),
                    null,
                    false);
        }
        DataDirectory data = Binder.get(settings).bindOrCreate("millrace", DataDirectory.class);
        Path home = data.resolve("postgres");
        if (!make && !Files.isDirectory(home.resolve("cluster"))) {
            throw new StartupException(
                    "There is no database in " + home + ".",
                    "Go to the folder from which Millrace is started, or give --millrace.data-dir=FOLDER.");
        }
        PostgresSettings.Sizes sizes = PostgresSettings.sizes(settings, MachineSizes.here());
        try {
            return EmbeddedPostgres.running(home)
                    .map(running -> new SiteDatabase(running, null, true))
                    .orElseGet(() -> of(EmbeddedPostgres.start(home, sizes)));
        } catch (IOException e) {
            throw new StartupException(
                    "Cannot read " + home + ": " + e.getMessage(), "Do it as the user that runs Millrace.", e);
        }
    }

    /**
     * A server that lasts as long as this object, for a trial.
     *
     * @param home its folder, which is not there yet
     * @param programs where PostgreSQL is unpacked, or was before
     */
    public static SiteDatabase temporary(Path home, Path programs) {
        return of(EmbeddedPostgres.start(home, programs, EmbeddedPostgres.Durability.NONE));
    }

    private static SiteDatabase of(EmbeddedPostgres server) {
        return new SiteDatabase(
                new EmbeddedPostgres.Place(server.jdbcUrl(), server.username(), server.password()), server, true);
    }

    /** Whether it is the server inside. */
    public boolean embedded() {
        return embedded;
    }

    /** Whether it ran before anybody asked: the site runs, or left it behind. */
    public boolean wasRunning() {
        return started == null;
    }

    public String url() {
        return place.url();
    }

    public String username() {
        return place.username();
    }

    public String password() {
        return place.password();
    }

    /** A connection of its own, which the caller closes. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (!place.username().isEmpty()) {
            properties.setProperty("user", place.username());
            properties.setProperty("password", place.password());
        }
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        return DriverManager.getConnection(place.url(), properties);
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
