// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.Wait;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    private static final long PATIENCE_SECONDS = 20;

    private static final Path PROGRAMS =
            Path.of("target", "test-postgres-programs").toAbsolutePath();

    @TempDir
    private Path home;

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(home, PROGRAMS, EmbeddedPostgres.Durability.FULL);
    }

    private static void sql(EmbeddedPostgres server, String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static String ask(EmbeddedPostgres server, String question) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                Statement run = connection.createStatement();
                ResultSet answer = run.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Test
    void keepsDataFromStartToStartAndRefusesASecondInstance() throws Exception {
        try (EmbeddedPostgres server = start()) {
            sql(server, "create table kept (value text)");
            sql(server, "insert into kept values ('here')");
            assertThat(ask(server, "show data_checksums")).isEqualTo("on");
            assertThat(ask(server, "show fsync")).isEqualTo("on");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("Another Millrace is running");
        }
        try (EmbeddedPostgres server = start()) {
            assertThat(ask(server, "select value from kept")).isEqualTo("here");
        }
    }

    @Test
    void theSiteMayNothingBeyondItsDatabase() throws Exception {
        try (EmbeddedPostgres server = start()) {
            for (String forbidden : new String[] {
                "copy (select 1) to program 'true'",
                "select pg_read_file('PG_VERSION')",
                "create role another",
                "alter system set fsync = off",
                "create database another"
            }) {
                assertThatThrownBy(() -> sql(server, forbidden))
                        .as(forbidden)
                        .hasMessageContaining("permission denied");
            }
            sql(server, "create extension pg_trgm");
            sql(server, "create table kept (id bigint generated always as identity primary key, value text)");
        }
    }

    @Test
    void whatTheSuperuserMadeBeforeIsTheSites() throws Exception {
        try (EmbeddedPostgres server = start();
                Connection before = server.superuser("millrace");
                Statement statement = before.createStatement()) {
            statement.execute("create extension pg_trgm");
            statement.execute("create table kept (id bigint generated always as identity primary key, value text)");
            statement.execute("create sequence numbers");
            statement.execute("create function one() returns int language sql as 'select 1'");
        }
        Files.delete(home.resolve("site-password"));
        try (EmbeddedPostgres server = start()) {
            sql(server, "alter table kept add column more text");
            sql(server, "insert into kept (value) values ('here')");
            sql(server, "alter sequence numbers restart with 5");
            sql(server, "drop function one()");
            assertThat(ask(server, "select count(*) from kept where value % 'here'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aServerThatAKilledProcessLeftBehindIsStopped() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process child = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Left.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("committed");
        child.destroyForcibly().waitFor(); // SIGKILL: no hook runs
        assertThat(home.resolve("cluster/postmaster.pid")).exists();
        try (EmbeddedPostgres server = start()) {
            assertThat(ask(server, "select value from kept")).isEqualTo("committed");
        }
    }

    /** What the test kills. */
    static final class Left {
        public static void main(String[] arguments) throws Exception {
            EmbeddedPostgres server =
                    EmbeddedPostgres.start(Path.of(arguments[0]), PROGRAMS, EmbeddedPostgres.Durability.FULL);
            sql(server, "create table kept (value text)");
            sql(server, "insert into kept values ('committed')");
            java.io.PrintStream out = new java.io.PrintStream(
                    new java.io.FileOutputStream(java.io.FileDescriptor.out),
                    true,
                    java.nio.charset.StandardCharsets.UTF_8);
            out.println("committed");
            Thread.currentThread().join();
        }
    }

    @Test
    void anUnfinishedFirstStartIsBegunAgain() throws Exception {
        Files.createDirectories(home.resolve("cluster.part/base"));
        Files.writeString(home.resolve("cluster.part/junk"), "half");
        Files.writeString(home.resolve("password"), "old");
        try (EmbeddedPostgres server = start()) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void dataOfAnotherVersionIsLeftAlone() throws Exception {
        Files.createDirectories(home.resolve("cluster"));
        Files.writeString(home.resolve("cluster/PG_VERSION"), "15\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("was made by PostgreSQL 15");
    }

    @Test
    void aStalePidFileOfAnotherProcessIsNotBelieved() throws Exception {
        start().close();
        Files.writeString(
                home.resolve("cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n");
        try (EmbeddedPostgres server = start()) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aForeignServerUnderTheNumberInAStalePidFileIsLeftAlone(@TempDir Path elsewhere) throws Exception {
        start().close();
        try (EmbeddedPostgres foreign = EmbeddedPostgres.start(elsewhere, PROGRAMS, EmbeddedPostgres.Durability.NONE)) {
            // Its number was given to another PostgreSQL since.
            Files.copy(elsewhere.resolve("cluster/postmaster.pid"), home.resolve("cluster/postmaster.pid"));
            try (EmbeddedPostgres server = start()) {
                assertThat(ask(server, "select 1")).isEqualTo("1");
                assertThat(ask(foreign, "select 2")).isEqualTo("2");
            }
            assertThat(ask(foreign, "select 3")).isEqualTo("3");
        }
    }

    /** What a watch is told, in order. */
    private static final class Told implements ServerWatch {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        @Override
        public void gone(String what) {
            words.add("gone");
        }

        @Override
        public void back() {
            words.add("back");
        }

        void await(String word) throws InterruptedException {
            assertThat(words.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(word);
        }
    }

    private ProcessHandle postmaster() throws IOException {
        return new PostgresProcesses(home.resolve("cluster")).postmaster().orElseThrow();
    }

    @Test
    void aServerThatWasKilledIsBackByItselfOnItsPortWithItsData() throws Exception {
        Told told = new Told();
        try (EmbeddedPostgres server = start()) {
            server.supervise(told);
            sql(server, "create table kept (value text)");
            sql(server, "insert into kept values ('here')");
            String url = server.jdbcUrl();
            // A child that works on does not notice that its server is gone, and holds the memory that the next one
            // wants.
            Thread busy = Thread.ofPlatform()
                    .start(() -> assertThatThrownBy(() -> sql(
                                    server, "select sum(length(md5(i::text))) from generate_series(1, 100000000) i"))
                            .isInstanceOf(SQLException.class));
            Wait.until("a query runs", () -> {
                try {
                    return ask(server, "select count(*) from pg_stat_activity where query like 'select sum%'")
                            .equals("1");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            postmaster().destroyForcibly();
            told.await("gone");
            told.await("back");
            assertThat(server.jdbcUrl()).isEqualTo(url);
            assertThat(ask(server, "select value from kept")).isEqualTo("here");
            busy.join();
            assertThat(told.words).isEmpty();
        }
    }

    @Test
    void whatIsMeantToEndIsNotStartedAgain() throws Exception {
        Told told = new Told();
        EmbeddedPostgres server = start();
        server.supervise(told);
        PostgresProcesses processes = new PostgresProcesses(home.resolve("cluster"));
        ProcessHandle first = postmaster();
        first.destroyForcibly();
        told.await("gone");
        server.close(); // in the middle of the next start, or just after it
        assertThat(processes.postmaster()).isEmpty();
        assertThat(ProcessHandle.allProcesses().filter(processes::ours)).isEmpty();
        try (EmbeddedPostgres again = start()) {
            assertThat(ask(again, "select 1")).isEqualTo("1");
        }
    }
}
