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
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server in a folder of its own, for as long as this object is open. Durable by default: full write-ahead log, checksums,
 * a generated password, loopback alone.
 *
 * <p>The folder holds the programs, the cluster, two passwords (readable by their owner; the superuser's and the site's, see {@link
 * SiteRole}) and a lock. The lock is the kernel's, so it is gone
 * with the process that held it, however that ended; a server that such a process left behind is stopped before a new one starts.
 *
 * <p>A server that ends by itself is started again, on the same port.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /** Of the server: for what the site itself has no right to. */
    private static final String SUPERUSER = "millrace";

    private static final String SITE_PASSWORD = "site-password";
    private static final String MAJOR_VERSION = "18";
    private static final String DATABASE = "millrace";

    /** A write-ahead log is replayed in seconds, a very long one in minutes. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration INITIALISE_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final int PASSWORD_BYTES = 24;
    private static final int KIBIBYTE_SHIFT = 10;
    private static final int MEBIBYTE_SHIFT = 20;

    /** Whether a crash of the machine may lose what was committed. */
    public enum Durability {
        /** Nothing is lost. */
        FULL,
        /** For tests: everything may be. */
        NONE
    }

    private final Path cluster;
    private final PostgresCommands commands;
    private final PostgresProcesses processes;
    private final Durability durability;
    private final PostgresSettings.Sizes sizes;
    private final FileChannel lockFile;
    private final String password;
    private final String sitePassword;
    private final int port;
    private volatile @Nullable ProcessHandle process;
    private volatile @Nullable PostgresSupervisor supervisor;

    private EmbeddedPostgres(
            Path cluster,
            PostgresCommands commands,
            Durability durability,
            PostgresSettings.Sizes sizes,
            FileChannel lockFile,
            String password,
            String sitePassword,
            int port) {
        this.cluster = cluster;
        this.commands = commands;
        this.processes = new PostgresProcesses(cluster);
        this.durability = durability;
        this.sizes = sizes;
        this.lockFile = lockFile;
        this.password = password;
        this.sitePassword = sitePassword;
        this.port = port;
    }

    /**
     * Starts the server of a folder, with everything that has to come before: unpacking, initialising, clearing up after a crash.
     *
     * @param home belongs to the server alone; made when it is not there
     * @throws StartupException if that cannot be done, with what to do
     */
    static EmbeddedPostgres start(Path home, PostgresSettings.Sizes sizes) {
        return start(home, home.resolve("programs"), Durability.FULL, sizes);
    }

    /** A small one with the programs elsewhere, so that several servers share them. */
    static EmbeddedPostgres start(Path home, Path programsParent, Durability durability) {
        return start(home, programsParent, durability, PostgresSettings.Sizes.SMALL);
    }

    private static EmbeddedPostgres start(
            Path home, Path programsParent, Durability durability, PostgresSettings.Sizes sizes) {
        FileChannel lock = lock(home);
        try {
            PostgresCommands commands =
                    new PostgresCommands(UserPrefix.find(), PostgresBinaries.unpack(programsParent));
            String password = initialise(home, commands, durability);
            EmbeddedPostgres server = new EmbeddedPostgres(
                    home.resolve("cluster"),
                    commands,
                    durability,
                    sizes,
                    lock,
                    password,
                    sitePassword(home, commands),
                    freePort());
            server.launch();
            server.createDatabase(DATABASE);
            return server;
        } catch (IOException e) {
            release(lock);
            throw new StartupException(
                    "Cannot prepare PostgreSQL in " + home + ": " + e.getMessage(),
                    "Make the folder writable, or set millrace.data-dir to one that is.",
                    e);
        } catch (InterruptedException e) {
            release(lock);
            throw interrupted(e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /**
     * Where the server of a folder takes connections, if one runs there now, whoever started it.
     *
     * @throws IOException if its files cannot be read
     */
    static Optional<Place> running(Path home) throws IOException {
        PostgresProcesses processes = new PostgresProcesses(home.resolve("cluster"));
        if (processes.postmaster().isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(processes.pidFile());
        // The fourth line is the port; a server that is only starting has not written it.
        return lines.size() < 4
                ? Optional.empty()
                : Optional.of(new Place(
                        url(Integer.parseInt(lines.get(3).strip()), DATABASE),
                        SiteRole.NAME,
                        Files.readString(home.resolve(SITE_PASSWORD)).strip()));
    }

    /** Where a database is, and as whom it is asked. */
    record Place(String url, String username, String password) {
        @Override
        public String toString() {
            return url;
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while PostgreSQL starts or stops", e);
    }

    /** Starts the server again whenever it ends by itself, until it is closed. */
    void supervise(ServerWatch watch) {
        supervisor = new PostgresSupervisor(
                new PostgresSupervisor.Server() {
                    @Override
                    public boolean running() {
                        ProcessHandle current = process;
                        return current != null && PostgresProcesses.alive(current);
                    }

                    @Override
                    public void startAgain() throws IOException, InterruptedException {
                        launch();
                    }
                },
                watch);
    }

    /** The site is about to end, and the server may as well. */
    void expectEnd() {
        PostgresSupervisor watching = supervisor;
        if (watching != null) {
            watching.expectEnd();
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
    private static String initialise(Path home, PostgresCommands commands, Durability durability)
            throws IOException, InterruptedException {
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
        String password = generate();
        Path partial = home.resolve("cluster.part");
        write(passwordFile, password);
        PostgresCommands.run(List.of("rm", "-rf", partial.toString()), Duration.ofMinutes(1), Optional.empty());
        Files.createDirectory(partial);
        commands.prefix().own(partial);
        commands.prefix().own(passwordFile);
        List<String> options = new ArrayList<>(List.of(
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums"));
        if (durability == Durability.NONE) {
            options.add("--no-sync");
        }
        commands.initdb(partial, options, INITIALISE_LIMIT);
        Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
        return password;
    }

    private static String generate() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static void write(Path file, String password) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password);
    }

    /** The site's own password; a lost one is replaced. */
    private static String sitePassword(Path home, PostgresCommands commands) throws IOException {
        Path file = home.resolve(SITE_PASSWORD);
        if (Files.notExists(file) || Files.size(file) == 0) {
            write(file, generate());
            commands.prefix().own(file);
        }
        return Files.readString(file).strip();
    }

    /**
     * A process that was killed leaves its server running, a server that was killed its children, and both a file that says so. Those
     * that work in our cluster are ended; any other process under that number is left alone.
     */
    private void clearLeftover() throws IOException, InterruptedException {
        Optional<ProcessHandle> leftover = processes.postmaster();
        if (leftover.isPresent()) {
            LOG.info(
                    "Stopping the PostgreSQL that an earlier Millrace left behind (process {})",
                    leftover.get().pid());
            commands.pgCtl(cluster, STOP_LIMIT, "stop", "-m", "fast", "-w");
        }
        processes.kill();
        Files.deleteIfExists(processes.pidFile());
    }

    /** Starts the server, whatever is left of it or of another in its cluster. */
    void launch() throws IOException, InterruptedException {
        clearLeftover();
        List<String> options = new ArrayList<>(List.of(
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=''",
                "-c max_connections=" + sizes.connections(),
                "-c shared_buffers=" + (sizes.bufferBytes() >> KIBIBYTE_SHIFT) + "kB",
                "-c password_encryption=scram-sha-256",
                "-c timezone=UTC",
                "-c log_timezone=UTC"));
        if (durability == Durability.NONE) {
            options.addAll(List.of("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"));
        }
        // pg_ctl gives the server a session of its own, so that Ctrl-C reaches us alone and the server stops last.
        commands.pgCtl(
                cluster,
                START_LIMIT,
                "start",
                "-w",
                "-t",
                Long.toString(START_LIMIT.toSeconds()),
                "-l",
                PostgresCommands.log(cluster).toString(),
                "-o",
                String.join(" ", options));
        process = processes
                .postmaster()
                .orElseThrow(
                        () -> new IOException("PostgreSQL has started and is gone, or its process cannot be seen"));
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
        try (Connection server = superuser("postgres")) {
            SiteRole.make(server, sitePassword);
            if (!exists(server, name)) {
                try (Statement statement = server.createStatement()) {
                    statement.execute("create database " + name + " owner " + SiteRole.NAME);
                }
                return;
            }
            try (Connection database = superuser(name)) {
                SiteRole.own(database);
            }
        } catch (SQLException e) {
            throw new StartupException(
                    "PostgreSQL started and takes no connection: " + e.getMessage(),
                    "Its own log is " + PostgresCommands.log(cluster) + ".",
                    e);
        }
    }

    private static boolean exists(Connection server, String database) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet found =
                        statement.executeQuery("select 1 from pg_database where datname = '" + database + "'")) {
            return found.next();
        }
    }

    /** A connection that may do everything. */
    Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(url(database), SUPERUSER, password);
    }

    /** How large it is, for the log. */
    public String sizes() {
        return (sizes.bufferBytes() >> MEBIBYTE_SHIFT) + " MB of buffers and " + sizes.connections() + " connections";
    }

    public String jdbcUrl() {
        return url(DATABASE);
    }

    String url(String database) {
        return url(port, database);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The site's role. */
    public String username() {
        return SiteRole.NAME;
    }

    public String password() {
        return sitePassword;
    }

    /** Stops the server: open transactions are rolled back, what was committed is on disk. */
    @Override
    public void close() {
        PostgresSupervisor watching = supervisor;
        if (watching != null) {
            watching.close();
        }
        try {
            if (processes.postmaster().isPresent()) {
                commands.pgCtl(cluster, STOP_LIMIT, "stop", "-m", "fast", "-w");
            }
            // A start that was broken off may have got so far as a process that has not written its number yet.
            processes.kill();
        } catch (StartupException | IOException e) {
            LOG.warn("PostgreSQL in {} did not stop: {}", cluster, e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            release(lockFile);
        }
    }
}
