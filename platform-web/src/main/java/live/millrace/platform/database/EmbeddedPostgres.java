// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server in a folder of its own, for as long as this object is open. Durable by default: full write-ahead log, checksums,
 * a generated password, loopback alone.
 *
 * <p>The folder holds the programs, the cluster, the password (readable by its owner) and a lock. The lock is the kernel's, so it is gone
 * with the process that held it, however that ended; a server that such a process left behind is stopped before a new one starts.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final String USER = "millrace";
    private static final String MAJOR_VERSION = "18";
    private static final String DATABASE = "millrace";

    /** A write-ahead log is replayed in seconds, a very long one in minutes. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final int PASSWORD_BYTES = 24;

    /** Whether a crash of the machine may lose what was committed. */
    public enum Durability {
        /** Nothing is lost. */
        FULL,
        /** For tests: everything may be. */
        NONE
    }

    private final Path home;
    private final Path programs;
    private final Path cluster;
    private final UserPrefix prefix;
    private final FileChannel lockFile;
    private final String password;
    private final int port;

    private EmbeddedPostgres(
            Path home, Path programs, UserPrefix prefix, FileChannel lockFile, String password, int port) {
        this.home = home;
        this.programs = programs;
        this.cluster = home.resolve("cluster");
        this.prefix = prefix;
        this.lockFile = lockFile;
        this.password = password;
        this.port = port;
    }

    /**
     * Starts the server of a folder, with everything that has to come before: unpacking, initialising, clearing up after a crash.
     *
     * @param home belongs to the server alone; made when it is not there
     * @throws StartupException if that cannot be done, with what to do
     */
    public static EmbeddedPostgres start(Path home, Durability durability) {
        return start(home, home.resolve("programs"), durability);
    }

    /** The same with the programs elsewhere, so that several servers share them. */
    static EmbeddedPostgres start(Path home, Path programsParent, Durability durability) {
        FileChannel lock = lock(home);
        try {
            UserPrefix prefix = UserPrefix.find();
            Path programs = PostgresBinaries.unpack(programsParent);
            String password = initialise(home, programs, prefix, durability);
            EmbeddedPostgres server = new EmbeddedPostgres(home, programs, prefix, lock, password, freePort());
            server.clearLeftover();
            server.launch(durability);
            server.createDatabase(DATABASE);
            return server;
        } catch (IOException e) {
            release(lock);
            throw new StartupException(
                    "Cannot prepare PostgreSQL in " + home + ": " + e.getMessage(),
                    "Make the folder writable, or set millrace.data-dir to one that is.",
                    e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static FileChannel lock(Path home) {
        try {
            Files.createDirectories(home);
            FileChannel channel =
                    FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartupException(
                        "Another Millrace is running on " + home + ".",
                        "Stop it first, or set millrace.data-dir to another folder.");
            }
            return channel;
        } catch (IOException e) {
            throw new StartupException(
                    "Cannot write to " + home + ": " + e.getMessage(),
                    "Make the folder writable, or set millrace.data-dir to one that is.",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("The lock file did not close", e);
        }
    }

    /** Makes the cluster when there is none; answers its password. A cluster is whole or absent. */
    private static String initialise(Path home, Path programs, UserPrefix prefix, Durability durability)
            throws IOException {
        Path cluster = home.resolve("cluster");
        Path passwordFile = home.resolve("password");
        if (Files.isDirectory(cluster)) {
            String version = Files.readString(cluster.resolve("PG_VERSION")).strip();
            if (!version.equals(MAJOR_VERSION)) {
                throw new StartupException(
                        "The database in " + cluster + " was made by PostgreSQL " + version + "; this Millrace brings "
                                + MAJOR_VERSION + ".",
                        "Start the Millrace that made it, or move the data with PostgreSQL's own tools.");
            }
            return Files.readString(passwordFile).strip();
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path partial = home.resolve("cluster.part");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, password);
        run(List.of("rm", "-rf", partial.toString()), Duration.ofMinutes(1), Optional.empty());
        Files.createDirectory(partial);
        prefix.own(partial);
        prefix.own(passwordFile);
        List<String> command = new ArrayList<>(prefix.command());
        command.addAll(List.of(
                programs.resolve("bin/initdb").toString(),
                "--pgdata=" + partial,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums"));
        if (durability == Durability.NONE) {
            command.add("--no-sync");
        }
        run(command, Duration.ofMinutes(2), Optional.empty());
        Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
        return password;
    }

    /**
     * A process that was killed leaves its server running, or a file that says so. The server is ours when it runs our program
     * in our cluster; then it is stopped. Any other process under that number is left alone, and the file removed.
     */
    private void clearLeftover() throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid;
        try {
            pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        } catch (NumberFormatException | java.util.NoSuchElementException e) {
            Files.delete(pidFile);
            return;
        }
        Optional<ProcessHandle> leftover =
                ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
        if (leftover.isEmpty()) {
            Files.deleteIfExists(pidFile);
            return;
        }
        LOG.info("Stopping the PostgreSQL that an earlier Millrace left behind (process {})", pid);
        pgCtl(STOP_LIMIT, "stop", "-m", "fast", "-w");
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("/bin/postgres"))
                .orElse(false);
    }

    private void launch(Durability durability) {
        List<String> options = new ArrayList<>(List.of(
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=''",
                "-c max_connections=60",
                "-c shared_buffers=64MB",
                "-c password_encryption=scram-sha-256",
                "-c timezone=UTC",
                "-c log_timezone=UTC"));
        if (durability == Durability.NONE) {
            options.addAll(List.of("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"));
        }
        // pg_ctl gives the server a session of its own, so that Ctrl-C reaches us alone and the server stops last.
        pgCtl(
                START_LIMIT,
                "start",
                "-w",
                "-t",
                Long.toString(START_LIMIT.toSeconds()),
                "-l",
                cluster.resolve("server.log").toString(),
                "-o",
                String.join(" ", options));
    }

    private void pgCtl(Duration limit, String action, String... arguments) {
        List<String> command = new ArrayList<>(prefix.command());
        command.add(programs.resolve("bin/pg_ctl").toString());
        command.add(action);
        command.add("--pgdata=" + cluster);
        command.addAll(List.of(arguments));
        run(command, limit, Optional.of(cluster.resolve("server.log")));
    }

    private static void run(List<String> command, Duration limit, Optional<Path> log) {
        try {
            Path output = Files.createTempFile("millrace-postgres", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean finished = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                if (!finished) {
                    process.destroyForcibly();
                }
                if (!finished || process.exitValue() != 0) {
                    String said = Files.readString(output).strip();
                    throw new StartupException(
                            "PostgreSQL did not do what it should: "
                                    + (finished ? said : "it took longer than " + limit),
                            log.map(file -> "Its own log is " + file + ".")
                                    .orElse("Look at the message above; the folder may be full or not writable."));
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new StartupException("Cannot run " + command.getFirst() + ": " + e.getMessage(), "Install it.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts or stops", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Makes a database when there is none of that name: letters, digits and underscores. */
    void createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("a database name of letters, digits and underscores");
        }
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, password);
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new StartupException(
                    "PostgreSQL started and takes no connection: " + e.getMessage(),
                    "Its own log is " + cluster.resolve("server.log") + ".",
                    e);
        }
    }

    public String jdbcUrl() {
        return url(DATABASE);
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String username() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Stops the server: open transactions are rolled back, what was committed is on disk. */
    @Override
    public void close() {
        try {
            pgCtl(STOP_LIMIT, "stop", "-m", "fast", "-w");
        } catch (StartupException e) {
            LOG.warn("PostgreSQL in {} did not stop: {}", home, e.getMessage());
        } finally {
            release(lockFile);
        }
    }
}
