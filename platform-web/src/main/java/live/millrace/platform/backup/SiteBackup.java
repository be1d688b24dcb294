// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import live.millrace.platform.database.SiteDatabase;
import live.millrace.platform.shared.ByteSizes;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.util.unit.DataSize;

/** Takes a backup of a site, puts one back, and proves that one can be put back. */
public final class SiteBackup {
    /** What an archive is called by default begins so. */
    public static final String SUFFIX = ".zip";

    static final DataSize LEFT_FREE = DataSize.ofMegabytes(512);
    private static final int BUFFER = 1 << 16;

    private SiteBackup() {}

    /** A connection of its own, which the caller closes. */
    @FunctionalInterface
    public interface Connections {
        Connection connect() throws SQLException;
    }

    /**
     * Writes a backup, readable by its owner alone. The file is there whole, on disk, or not at all.
     *
     * @param target not there yet
     * @throws BackupException if it could not be written
     */
    public static Manifest take(Connections database, Path data, Path target, Progress progress) {
        if (Files.exists(target)) {
            throw new BackupException(
                    target + " exists. Give another name: a backup never takes the place of another.");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Path folder = part.resolveSibling("");
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Manifest manifest;
            try (Connection connection = database.connect();
                    OutputStream out = new BufferedOutputStream(new Spacious(part, folder), BUFFER)) {
                manifest = BackupWriter.write(connection, data, out, progress);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } catch (FileAlreadyExistsException e) {
            throw new BackupException("Another backup is being written to " + part + ".", e);
        } catch (IOException | SQLException e) {
            discard(part);
            throw new BackupException("The backup could not be written: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            discard(part);
            throw e;
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the disk some room: a backup that fills it would end what it is for. */
    private static final class Spacious extends OutputStream {
        private static final long LOOK_EVERY = 8L << 20;

        private final OutputStream out;
        private final java.nio.channels.FileChannel channel;
        private final Path folder;
        private long sinceLook = LOOK_EVERY;

        Spacious(Path file, Path folder) throws IOException {
            this.channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE);
            this.out = java.nio.channels.Channels.newOutputStream(channel);
            this.folder = folder;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            sinceLook += length;
            if (sinceLook >= LOOK_EVERY) {
                sinceLook = 0;
                long free = Files.getFileStore(folder).getUsableSpace();
                if (free < LEFT_FREE.toBytes()) {
                    throw new BackupException("There is too little room in " + folder + ": "
                            + ByteSizes.text(free)
                            + " are free. Make room, or write to another disk.");
                }
            }
            out.write(from, offset, length);
        }

        @Override
        public void close() throws IOException {
            try {
                if (channel.isOpen()) {
                    channel.force(true);
                }
            } finally {
                out.close();
            }
        }
    }

    /** What an archive holds, without reading all of it. */
    public static Manifest look(Path archive) {
        try (BackupReader reader = BackupReader.open(archive)) {
            return reader.manifest();
        } catch (IOException e) {
            throw unreadable(archive, e);
        }
    }

    /**
     * Puts a backup back into a database in which nobody has an account yet, and its files into the data directory.
     *
     * @throws BackupException if there is a site already, or the archive is not whole; nothing is changed then but for tables without
     *     people
     */
    public static Manifest restore(SiteDatabase database, Path data, Path archive, Progress progress) {
        try (BackupReader reader = BackupReader.open(archive)) {
            try (Connection connection = database.connect()) {
                if (Catalogue.hasPeople(connection)) {
                    throw new BackupException(
                            "There is a site already, with people in it. Move its data directory away, or use an empty database.");
                }
            }
            prepare(database, reader.manifest());
            try (Connection connection = database.connect()) {
                reader.fill(connection, progress);
            }
            reader.files(data);
            return reader.manifest();
        } catch (IOException e) {
            throw unreadable(archive, e);
        } catch (SQLException e) {
            throw new BackupException("The database takes no connection: " + e.getMessage(), e);
        }
    }

    private static BackupException unreadable(Path archive, IOException e) {
        return new BackupException("Cannot read " + archive + ", or write what it holds: " + e.getMessage(), e);
    }

    /** Makes the tables as they were. */
    private static void prepare(SiteDatabase database, Manifest manifest) {
        Flyway flyway = Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .locations("classpath:db/migration")
                .target(manifest.schema())
                .cleanDisabled(false)
                .load();
        try {
            boolean known = Arrays.stream(flyway.info().all())
                    .anyMatch(migration -> migration.getVersion() != null
                            && migration.getVersion().getVersion().equals(manifest.schema()));
            if (!known) {
                throw new BackupException("This backup was made by a newer Millrace (" + manifest.madeBy()
                        + "). Restore it with that one or a later one.");
            }
            flyway.clean();
            flyway.migrate();
        } catch (FlywayException e) {
            throw new BackupException("The tables could not be made: " + e.getMessage(), e);
        }
    }

    /**
     * Puts a backup back into a server that is made for it and thrown away, and reads every row and file of it.
     *
     * @param programs where PostgreSQL is unpacked, or was before
     * @param work a folder for it, on a disk with room
     * @throws BackupException if it is not whole
     */
    public static Manifest prove(Path archive, Path programs, Path work, Progress progress) {
        look(archive);
        try {
            Files.createDirectories(work);
            Path trial = Files.createTempDirectory(work, "trial");
            try (SiteDatabase database = SiteDatabase.temporary(trial.resolve("postgres"), programs)) {
                return restore(database, trial.resolve("data"), archive, progress);
            } finally {
                delete(trial);
            }
        } catch (IOException e) {
            throw new BackupException("There is no room for a trial in " + work + ": " + e.getMessage(), e);
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        }
    }
}
