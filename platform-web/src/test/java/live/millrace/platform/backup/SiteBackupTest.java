// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.SiteDatabase;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A site that goes on is taken, and is elsewhere what it was. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SiteBackupTest {
    @Autowired
    private DataSource source;

    @Autowired
    private JdbcClient database;

    @Autowired
    private TestPeople people;

    @Autowired
    private Audit audit;

    @Autowired
    private MockMvc site;

    @TempDir
    private Path folder;

    private Path data;
    private Path archive;

    @BeforeEach
    void files() throws IOException {
        data = folder.resolve("data");
        archive = folder.resolve("site.zip");
        Files.createDirectories(data.resolve("evidence/7"));
        Files.createDirectories(data.resolve("hls/live"));
        Files.write(data.resolve("evidence/7/0.ts"), new byte[] {0x47, 0, -1, 13, 10});
        Files.writeString(data.resolve("some.key"), "secret");
        Files.writeString(data.resolve("hls/live/1.m4s"), "of the moment");
    }

    private static SiteDatabase at(TestDatabase.Place place) {
        return SiteDatabase.open(
                new MockEnvironment()
                        .withProperty("spring.datasource.url", place.url())
                        .withProperty("spring.datasource.username", place.username())
                        .withProperty("spring.datasource.password", place.password()),
                false);
    }

    private static List<String> rows(JdbcClient from, String table, String where) {
        return from.sql("select t::text from " + table + " t " + where)
                .query(String.class)
                .list();
    }

    private static JdbcClient client(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    @Test
    void aSiteThatGoesOnIsElsewhereWhatItWas() throws Exception {
        AccountPrincipal anna = people.user();
        people.key(anna);
        TestPeople.logIn(site, anna);
        audit.add(anna.actor(), "test", "with\ttab, \\ and\nline", anna.accountId(), "", "");
        Map<String, List<String>> before = Map.of(
                "account", rows(database, "account", "where id <= " + anna.accountId() + " order by id"),
                "channel_stream_key", rows(database, "channel_stream_key", "order by id"),
                "audit_entry", rows(database, "audit_entry", "order by id"));

        Manifest manifest = whilePeopleJoin(() -> SiteBackup.take(source::getConnection, data, archive, Progress.NONE));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("rw-------");
        try (SiteDatabase other = at(TestDatabase.empty());
                SiteDatabase third = at(TestDatabase.empty())) {
            Path elsewhere = folder.resolve("elsewhere");
            SiteBackup.restore(other, elsewhere, archive, Progress.NONE);
            try (Connection connection = other.connect()) {
                JdbcClient restored = client(connection);
                before.forEach((table, rows) -> assertThat(rows(restored, table, "order by 1"))
                        .as(table)
                        .containsAll(rows));
                // Each came with its channel in one transaction, and none is torn.
                assertThat(restored.sql("select count(*) from account a where not exists"
                                        + " (select from channel c where c.account_id = a.id)")
                                .query(Integer.class)
                                .single())
                        .isZero();
                assertThat(restored.sql("select count(*) from account")
                                .query(Long.class)
                                .single())
                        .isEqualTo(rowsOf(manifest, "account"));
                assertThat(restored.sql("select count(*) from spring_session")
                                .query(Integer.class)
                                .single())
                        .isZero();
                assertThatThrownBy(() -> restored.sql("delete from audit_entry").update())
                        .hasMessageContaining("audit_entry");
                assertThat(restored.sql("select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'")
                                .query(String.class)
                                .list())
                        .isEmpty();
            }
            assertThat(elsewhere.resolve("evidence/7/0.ts"))
                    .hasBinaryContent(Files.readAllBytes(data.resolve("evidence/7/0.ts")));
            assertThat(elsewhere.resolve("some.key")).hasContent("secret");
            assertThat(elsewhere.resolve("hls")).doesNotExist();

            // Once more from there: byte by byte, table by table, and file by file.
            Path second = folder.resolve("second.zip");
            Manifest again = SiteBackup.take(other::connect, elsewhere, second, Progress.NONE);
            assertThat(again.tables()).isEqualTo(manifest.tables());
            assertThat(again.sequences()).isEqualTo(manifest.sequences());
            assertThat(again.files()).isEqualTo(manifest.files());
            SiteBackup.restore(third, folder.resolve("third"), second, Progress.NONE);
            same(other, third, manifest);
        }
    }

    private static long rowsOf(Manifest manifest, String table) {
        return manifest.tables().stream()
                .filter(each -> each.name().equals(table))
                .findAny()
                .orElseThrow()
                .rows();
    }

    private static void same(SiteDatabase one, SiteDatabase two, Manifest manifest) throws SQLException {
        try (Connection left = one.connect();
                Connection right = two.connect()) {
            for (Manifest.Table table : manifest.tables()) {
                assertThat(rows(client(right), table.name(), "order by 1"))
                        .as(table.name())
                        .isEqualTo(rows(client(left), table.name(), "order by 1"))
                        .hasSize((int) table.rows());
            }
        }
    }

    /** Does something once somebody has joined, and goes on joining people until it is done. */
    private Manifest whilePeopleJoin(java.util.function.Supplier<Manifest> work) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Thread joining = new Thread(() -> {
            while (!done.get()) {
                people.user();
                begun.countDown();
            }
        });
        joining.start();
        try {
            begun.await();
            return work.get();
        } finally {
            done.set(true);
            joining.join();
        }
    }

    @Test
    void numbersGoOnAfterTheLast() throws Exception {
        people.user();
        SiteBackup.take(source::getConnection, data, archive, Progress.NONE);
        try (SiteDatabase other = at(TestDatabase.empty())) {
            SiteBackup.restore(other, folder.resolve("elsewhere"), archive, Progress.NONE);
            try (Connection connection = other.connect()) {
                assertThat(client(connection)
                                .sql("select nextval(pg_get_serial_sequence('account', 'id')) > max(id) from account")
                                .query(Boolean.class)
                                .single())
                        .isTrue();
            }
        }
    }

    @Test
    void nobodyIsReplaced() throws Exception {
        people.user();
        SiteBackup.take(source::getConnection, data, archive, Progress.NONE);
        assertThatThrownBy(() -> SiteBackup.take(source::getConnection, data, archive, Progress.NONE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("exists");
        try (SiteDatabase other = at(TestDatabase.empty())) {
            SiteBackup.restore(other, folder.resolve("elsewhere"), archive, Progress.NONE);
            assertThatThrownBy(() -> SiteBackup.restore(other, folder.resolve("elsewhere"), archive, Progress.NONE))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("people");
        }
    }

    @Test
    void whatIsNotWholeChangesNothing() throws Exception {
        people.user();
        SiteBackup.take(source::getConnection, data, archive, Progress.NONE);
        List<Path> broken = new ArrayList<>();
        Path torn = folder.resolve("torn.zip");
        byte[] bytes = Files.readAllBytes(archive);
        Files.write(torn, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        broken.add(torn);
        broken.add(changed("row.zip", "database/account.copy", text -> text.replace("example.org", "example.net")));
        broken.add(changed("less.zip", "database/account.copy", text -> text.substring(text.indexOf('\n') + 1)));
        broken.add(changed("owner.zip", "database/channel.copy", text -> ""));
        broken.add(changed("path.zip", "manifest.json", text -> text.replace("some.key", "../some.key")));
        broken.add(changed("table.zip", "manifest.json", text -> text.replace("\"account\"", "\"pg_authid\"")));
        broken.add(changed("column.zip", "manifest.json", text -> text.replace("\"username\"", "\"(select 1)\"")));
        broken.add(changed(
                "newer.zip", "manifest.json", text -> text.replaceAll("\"schema\":\"\\d+", "\"schema\":\"9999")));
        broken.add(changed("format.zip", "manifest.json", text -> text.replace("\"format\":1", "\"format\":2")));
        broken.add(changed("json.zip", "manifest.json", text -> "{"));
        Files.writeString(folder.resolve("text.zip"), "no archive");
        broken.add(folder.resolve("text.zip"));
        for (Path each : broken) {
            Path elsewhere = folder.resolve("data-of-" + each.getFileName());
            try (SiteDatabase other = at(TestDatabase.empty())) {
                assertThatThrownBy(() -> SiteBackup.restore(other, elsewhere, each, Progress.NONE))
                        .as(each.toString())
                        .isInstanceOf(BackupException.class);
                try (Connection connection = other.connect()) {
                    JdbcClient left = client(connection);
                    assertThat(left.sql("select to_regclass('account') is null")
                                            .query(Boolean.class)
                                            .single()
                                    || left.sql("select count(*) = 0 from account")
                                            .query(Boolean.class)
                                            .single()
                                    || each.endsWith("path.zip"))
                            .as(each.toString())
                            .isTrue();
                }
                assertThat(folder.resolve("some.key")).doesNotExist();
            }
        }
    }

    private Path changed(String name, String entry, UnaryOperator<String> change) throws IOException {
        Path target = folder.resolve(name);
        try (ZipFile from = new ZipFile(archive.toFile());
                OutputStream out = Files.newOutputStream(target);
                ZipOutputStream to = new ZipOutputStream(out)) {
            for (ZipEntry each : java.util.Collections.list(from.entries())) {
                byte[] content = from.getInputStream(each).readAllBytes();
                if (each.getName().equals(entry)) {
                    String text = new String(content, StandardCharsets.UTF_8);
                    String other = change.apply(text);
                    assertThat(other).as(name).isNotEqualTo(text);
                    content = other.getBytes(StandardCharsets.UTF_8);
                }
                to.putNextEntry(new ZipEntry(each.getName()));
                to.write(content);
                to.closeEntry();
            }
        }
        return target;
    }

    @Test
    void aBackupIsProvedInAServerOfItsOwn() {
        people.user();
        Manifest taken = SiteBackup.take(source::getConnection, data, archive, Progress.NONE);
        Path work = folder.resolve("work");
        List<Integer> told = new ArrayList<>();
        Manifest proved = SiteBackup.prove(
                archive,
                Path.of("target", "test-postgres-programs").toAbsolutePath(),
                work,
                (done, _) -> told.add(done));
        assertThat(proved).isEqualTo(taken);
        assertThat(work).isEmptyDirectory();
        assertThat(told).isSorted().endsWith(100);
    }
}
