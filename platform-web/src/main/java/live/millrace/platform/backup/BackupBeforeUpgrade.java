// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import live.millrace.platform.shared.ByteSizes;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.StartupException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/**
 * Brings the tables up to date at a start, and before that saves the whole site as it was: whoever does not like the new version has a way
 * back, whatever the release's promise is worth (ADR 92). The newest few are kept, beside the site's other backups.
 */
@Component
final class BackupBeforeUpgrade implements FlywayMigrationStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(BackupBeforeUpgrade.class);
    private static final String PART = ".part";

    static final int KEPT = 3;

    private static final int STEP = 10;

    /** Asks how much of a disk may still be written. */
    @FunctionalInterface
    interface Room {
        long bytes(Path folder) throws IOException;
    }

    private final DataDirectory data;
    private final UpgradeSettings settings;
    private final InstantSource clock;
    private final Room room;

    @Autowired
    BackupBeforeUpgrade(DataDirectory data, UpgradeSettings settings, Clock clock) {
        this(data, settings, clock, folder -> Files.getFileStore(folder).getUsableSpace());
    }

    BackupBeforeUpgrade(DataDirectory data, UpgradeSettings settings, InstantSource clock, Room room) {
        this.data = data;
        this.settings = settings;
        this.clock = clock;
        this.room = room;
    }

    /**
     * Migrates.
     *
     * @throws StartupException if a backup is wanted and comes to nothing; no table is changed then
     */
    @Override
    public void migrate(Flyway flyway) {
        MigrationInfoService tables = flyway.info();
        MigrationInfo present = tables.current();
        int changes = tables.pending().length;
        if (present != null && changes > 0) {
            if (settings.backup()) {
                take(flyway.getConfiguration().getDataSource(), present, changes);
            } else {
                LOG.warn("The tables change by {} steps, without a backup: millrace.upgrade.backup is off", changes);
            }
        }
        flyway.migrate();
    }

    private void take(DataSource database, MigrationInfo present, int changes) {
        Path folder = data.resolve("backups");
        String name = Backups.beforeUpgrade(BackupWriter.version(), clock.instant());
        LOG.info(
                "The tables change by {} steps from {} on; before that the backup {} is taken",
                changes,
                present.getVersion(),
                name);
        try {
            Files.createDirectories(folder);
            discardParts(folder);
            look(database, folder);
            int[] told = {0};
            Manifest taken =
                    SiteBackup.take(database::getConnection, data.resolve(""), folder.resolve(name), (percent, _) -> {
                        if (percent / STEP > told[0]) {
                            told[0] = percent / STEP;
                            LOG.info("Backup before the upgrade: {} %", percent);
                        }
                    });
            LOG.info(
                    "Took {}: {} rows, {} files",
                    folder.resolve(name),
                    taken.rows(),
                    taken.files().size());
            forgetOldest(folder);
        } catch (IOException | UncheckedIOException | SQLException | BackupException e) {
            throw new StartupException(
                    "There is no backup before the upgrade, and the tables are as they were: " + e.getMessage(),
                    "Make room or mend it and start again, start the version before, or go on without one by"
                            + " --millrace.upgrade.backup=false.",
                    e);
        }
    }

    /** Text that is packed takes less than the tables do; a disk that is nearly full is not tried. */
    private void look(DataSource database, Path folder) throws IOException, SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select coalesce(sum(pg_table_size(c.oid)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = current_schema() and c.relkind = 'r'
                        """)) {
            row.next();
            long wanted = row.getLong(1) + SiteBackup.LEFT_FREE.toBytes();
            long free = room.bytes(folder);
            if (free < wanted) {
                throw new BackupException("it may want " + ByteSizes.text(wanted) + " in " + folder + ", where "
                        + ByteSizes.text(free) + " are free.");
            }
        }
    }

    /** Of a start that was killed meanwhile: no later one has its name. */
    private static void discardParts(Path folder) throws IOException {
        List<Path> parts;
        try (Stream<Path> files = Files.list(folder)) {
            parts = files.filter(each -> {
                        String name = each.getFileName().toString();
                        return name.endsWith(PART)
                                && Backups.isBeforeUpgrade(name.substring(0, name.length() - PART.length()));
                    })
                    .toList();
        }
        for (Path part : parts) {
            Files.deleteIfExists(part);
        }
    }

    private static void forgetOldest(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(
                            each -> Backups.isBeforeUpgrade(each.getFileName().toString()))
                    .sorted(Comparator.comparing((Path each) ->
                                    Backups.time(each.getFileName().toString()))
                            .reversed())
                    .toList();
        }
        for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            Backups.remove(old);
        }
    }
}
