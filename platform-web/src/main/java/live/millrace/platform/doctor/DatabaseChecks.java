// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import live.millrace.platform.database.SiteDatabase;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.shared.StartupException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.core.env.Environment;

/** The database: whether it answers, whether its tables are those of this version, whether somebody runs the site. */
final class DatabaseChecks {
    private static final Duration CLOCKS_APART = Duration.ofSeconds(2);

    private final Environment settings;
    private boolean runs;

    DatabaseChecks(Environment settings) {
        this.settings = settings;
    }

    /** Whether the server inside ran already. Of another one nothing is known so. */
    boolean siteRuns() {
        return runs;
    }

    void examine(Consumer<Finding> found) {
        try (SiteDatabase database = SiteDatabase.open(settings, false)) {
            runs = database.embedded() && database.wasRunning();
            try (Connection connection = database.connect()) {
                found.accept(server(database, connection));
                found.accept(clock(connection));
                boolean tables = is(connection, "select to_regclass('flyway_schema_history') is not null");
                found.accept(tables ? schema(database) : Finding.note(Subject.TABLES, "none"));
                if (tables && is(connection, "select to_regclass('account') is not null")) {
                    found.accept(
                            is(connection, "select exists (select from account where role in ('ADMIN', 'OWNER'))")
                                    ? Finding.good(Subject.ADMIN, "there")
                                    : Finding.note(Subject.ADMIN, "none"));
                }
                HttpsCheck.examine(settings, connection).forEach(found);
                found.accept(VersionsCheck.examine(settings, connection));
            }
        } catch (StartupException e) {
            found.accept(Finding.note(Subject.DATABASE, "said", e.getMessage() + " " + e.action()));
        } catch (SQLException e) {
            found.accept(Finding.bad(Subject.DATABASE, "away", String.valueOf(e.getMessage())));
        }
    }

    private static Finding server(SiteDatabase database, Connection connection) throws SQLException {
        String kind = !database.embedded() ? "configured" : database.wasRunning() ? "inside" : "started";
        return Finding.good(Subject.DATABASE, kind, connection.getMetaData().getDatabaseProductVersion());
    }

    private static Finding clock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            Duration apart = Duration.between(row.getTimestamp(1).toInstant(), Instant.now())
                    .abs();
            return apart.compareTo(CLOCKS_APART) > 0
                    ? Finding.note(Subject.CLOCK, "apart", apart.toSeconds())
                    : Finding.good(Subject.CLOCK, "same");
        }
    }

    private static boolean is(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static Finding schema(SiteDatabase database) {
        try {
            MigrationInfo[] all = Flyway.configure()
                    .dataSource(database.url(), database.username(), database.password())
                    .locations("classpath:db/migration")
                    .load()
                    .info()
                    .all();
            if (Arrays.stream(all).anyMatch(each -> each.getState().isFailed())) {
                return Finding.bad(Subject.TABLES, "failed");
            }
            if (Arrays.stream(all)
                    .anyMatch(each ->
                            each.getState().isApplied() && !each.getState().isResolved())) {
                return Finding.note(Subject.TABLES, "newer");
            }
            long waiting = Arrays.stream(all)
                    .filter(each -> !each.getState().isApplied())
                    .count();
            return waiting > 0
                    ? Finding.note(Subject.TABLES, "waiting", waiting)
                    : Finding.good(Subject.TABLES, "good");
        } catch (FlywayException e) {
            return Finding.bad(Subject.TABLES, "unreadable", String.valueOf(e.getMessage()));
        }
    }
}
