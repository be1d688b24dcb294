// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.StartupException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newer version finds tables of an older one, and an older one finds those of a newer one. */
class BackupBeforeUpgradeTest {
    private static final Instant NOW = Instant.parse("2026-11-27T22:00:00Z");
    private static final long ENOUGH = 1L << 40;

    private final TestDatabase.Place place = TestDatabase.empty();

    @TempDir
    private Path folder;

    private FluentConfiguration flyway() {
        return Flyway.configure()
                .dataSource(place.url(), place.username(), place.password())
                .locations("classpath:db/migration")
                .ignoreMigrationPatterns("*:future");
    }

    /** The tables as they were before the last migration, with somebody in them. */
    private String older() throws Exception {
        List<String> versions = Stream.of(flyway().load().info().all())
                .map(each -> each.getVersion().getVersion())
                .toList();
        String before = versions.get(versions.size() - 2);
        flyway().target(before).load().migrate();
        run("create table left_by_the_older (word text)");
        run("insert into left_by_the_older values ('hello')");
        return before;
    }

    private void run(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(place.url(), place.username(), place.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void upgrade(boolean backup, Instant at, long free) {
        new BackupBeforeUpgrade(
                        new DataDirectory(folder.toString()),
                        new UpgradeSettings(backup),
                        InstantSource.fixed(at),
                        _ -> free)
                .migrate(flyway().load());
    }

    private List<String> taken() throws IOException {
        if (!Files.isDirectory(folder.resolve("backups"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private int waiting() {
        return flyway().load().info().pending().length;
    }

    @Test
    void theSiteIsSavedAsItWasAndThenChanged() throws Exception {
        String before = older();
        upgrade(true, NOW, ENOUGH);
        assertThat(waiting()).isZero();
        assertThat(taken()).singleElement().asString().matches("before-[A-Za-z0-9.]+-20261127-220000\\.zip");
        Manifest manifest = SiteBackup.look(folder.resolve("backups").resolve(taken().getFirst()));
        assertThat(manifest.schema()).isEqualTo(before);
        assertThat(manifest.tables())
                .filteredOn(table -> table.name().equals("left_by_the_older"))
                .singleElement()
                .satisfies(table -> assertThat(table.rows()).isOne());
    }

    @Test
    void tablesThatAreNewOrOfThisVersionAreNotSaved() throws Exception {
        upgrade(true, NOW, ENOUGH);
        assertThat(waiting()).isZero();
        upgrade(true, NOW, ENOUGH);
        assertThat(taken()).isEmpty();
    }

    @Test
    void withoutRoomNothingIsChanged() throws Exception {
        older();
        assertThatThrownBy(() -> upgrade(true, NOW, SiteBackup.LEFT_FREE.toBytes()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("MB are free")
                .extracting(why -> ((StartupException) why).action())
                .asString()
                .contains("--millrace.upgrade.backup=false");
        assertThat(waiting()).isOne();
        assertThat(taken()).isEmpty();
        upgrade(false, NOW, 0);
        assertThat(waiting()).isZero();
        assertThat(taken()).isEmpty();
    }

    @Test
    void theNewestFewAreKeptAndNoOtherBackupIsTouched() throws Exception {
        older();
        Path backups = Files.createDirectories(folder.resolve("backups"));
        Files.writeString(backups.resolve("millrace-20200101-000000.zip"), "by hand");
        for (int day = 1; day <= BackupBeforeUpgrade.KEPT; day++) {
            // Their versions are in no order that time would have.
            String name = Backups.beforeUpgrade((9 - day) + ".0", NOW.minus(Duration.ofDays(day)));
            Files.writeString(backups.resolve(name), "older");
            Files.writeString(backups.resolve(name + ".proved"), "");
        }
        upgrade(true, NOW, ENOUGH);
        assertThat(taken())
                .hasSize(1 + BackupBeforeUpgrade.KEPT + BackupBeforeUpgrade.KEPT - 1)
                .contains("millrace-20200101-000000.zip")
                .noneMatch(name -> name.contains("20261124"));
    }

    @Test
    void theVersionBeforeStartsOnTheTablesOfThisOne() throws Exception {
        flyway().load().migrate();
        List<MigrationInfo> all = List.of(flyway().load().info().all());
        Path known = Files.createDirectory(folder.resolve("known"));
        for (MigrationInfo each : all.subList(0, all.size() - 1)) {
            String script = Path.of(each.getScript()).getFileName().toString();
            Files.copy(Path.of("..", "db", "migration", script), known.resolve(script));
        }
        Flyway older = flyway().locations("filesystem:" + known).load();
        new BackupBeforeUpgrade(
                        new DataDirectory(folder.toString()),
                        new UpgradeSettings(true),
                        InstantSource.fixed(NOW),
                        _ -> ENOUGH)
                .migrate(older);
        assertThat(taken()).isEmpty();
        try (Connection connection = DriverManager.getConnection(place.url(), place.username(), place.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from flyway_schema_history where success")) {
            row.next();
            assertThat(row.getInt(1)).isGreaterThanOrEqualTo(all.size());
        }
    }

    @Test
    void aNameIsMadeOfAnyVersion() {
        for (String version : new String[] {"0.1.0-SNAPSHOT", "", "../../x", "1".repeat(100), "1.0~rc1"}) {
            assertThat(Backups.isBeforeUpgrade(Backups.beforeUpgrade(version, NOW)))
                    .as(version)
                    .isTrue();
        }
        assertThat(Backups.isBeforeUpgrade("before-../x-20261127-220000.zip")).isFalse();
    }
}
