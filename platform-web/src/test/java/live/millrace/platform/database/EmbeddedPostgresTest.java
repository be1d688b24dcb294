// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
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
}
