// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.postgresql.PGConnection;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an archive back. Whatever it says is checked against what the program knows: tables and columns that it has, sums, paths below the
 * data directory. The database is changed as a whole or not at all.
 */
final class BackupReader implements AutoCloseable {
    private static final long MAX_MANIFEST = 64L << 20;

    private final ZipFile zip;
    private final Manifest manifest;

    private BackupReader(ZipFile zip, Manifest manifest) {
        this.zip = zip;
        this.manifest = manifest;
    }

    /** Opens an archive and reads what should be in it. */
    static BackupReader open(Path archive) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(archive.toFile());
        } catch (ZipException broken) {
            throw new BackupException(archive + " is no whole backup: " + broken.getMessage() + ".", broken);
        }
        try {
            return new BackupReader(zip, manifest(zip, archive));
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static Manifest manifest(ZipFile zip, Path archive) throws IOException {
        ZipEntry entry = zip.getEntry(Manifest.ENTRY);
        if (entry == null || entry.getSize() > MAX_MANIFEST) {
            throw new BackupException(archive + " is no backup of Millrace: it has no " + Manifest.ENTRY + ".");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            Manifest manifest = JsonMapper.shared().readValue(in.readNBytes((int) MAX_MANIFEST), Manifest.class);
            if (manifest.format() != Manifest.FORMAT) {
                throw new BackupException(archive + " was made by a newer Millrace (" + manifest.madeBy()
                        + "). Restore it with that one.");
            }
            return manifest;
        } catch (JacksonException e) {
            throw new BackupException(archive + " is no whole backup: its " + Manifest.ENTRY + " cannot be read.", e);
        }
    }

    Manifest manifest() {
        return manifest;
    }

    /**
     * Puts all rows into tables that are as the archive's were, in place of what the migrations brought, and reads them again.
     *
     * @param connection of its own; its transaction is committed, or rolled back where anything is wrong
     * @throws BackupException if a sum is not what it should be, or a reference leads nowhere
     */
    void fill(Connection connection, Progress progress) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            TableText.settle(connection);
            Map<String, Catalogue.Table> here = Catalogue.tables(connection).stream()
                    .collect(Collectors.toMap(Catalogue.Table::name, Function.identity()));
            check(here);
            List<String> keys = takeForeignKeys(connection);
            for (String name : here.keySet()) {
                String quoted = Catalogue.quoted(connection, name);
                // What follows from a row is in the archive itself.
                run(connection, "alter table " + quoted + " disable trigger user");
                if (Catalogue.yes(connection, "select exists (select from " + quoted + ")")) {
                    // Not where there is nothing: from the audit log nobody may delete.
                    run(connection, "delete from " + quoted);
                }
            }
            long all = Math.max(
                    1,
                    manifest.tables().stream().mapToLong(Manifest.Table::bytes).sum() * 2);
            long behind = 0;
            for (Manifest.Table table : manifest.tables()) {
                progress.at((int) (100 * behind / all), table.name());
                copy(connection, table);
                behind += table.bytes();
            }
            for (Manifest.Table table : manifest.tables()) {
                progress.at((int) (100 * behind / all), table.name());
                Catalogue.Table stored = Objects.requireNonNull(here.get(table.name()));
                Manifest.Table read = TableText.write(connection, stored, OutputStream.nullOutputStream());
                if (read.rows() != table.rows() || !read.sha256().equals(table.sha256())) {
                    throw new BackupException(
                            "The table " + table.name() + " was stored with other rows than those of the backup.");
                }
                behind += table.bytes();
            }
            sequences(connection);
            for (String key : keys) {
                run(connection, key);
            }
            for (String name : here.keySet()) {
                run(connection, "alter table " + Catalogue.quoted(connection, name) + " enable trigger user");
            }
            connection.commit();
            progress.at(100, "");
        } catch (SQLException e) {
            connection.rollback();
            throw new BackupException("The database refused the backup: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    /** Names in an archive are somebody's words until they are found in the database. */
    private void check(Map<String, Catalogue.Table> here) {
        for (Manifest.Table table : manifest.tables()) {
            Catalogue.Table known = here.get(table.name());
            if (known == null || !known.columns().equals(table.columns())) {
                throw new BackupException(
                        "The backup has a table " + table.name() + " that this version does not know so.");
            }
            if (zip.getEntry(table.entry()) == null) {
                throw new BackupException("The backup is not whole: " + table.entry() + " is missing.");
            }
        }
        if (manifest.tables().stream().map(Manifest.Table::name).distinct().count() != here.size()) {
            throw new BackupException("The backup is not whole: it has not all tables of its version.");
        }
    }

    /** Takes all references away, and answers what makes them again: each is checked then. */
    private static List<String> takeForeignKeys(Connection connection) throws SQLException {
        List<String> take = new ArrayList<>();
        List<String> give = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select format('alter table %I drop constraint %I', c.relname, k.conname),
                               format('alter table %I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
                        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                        where k.contype = 'f' and n.nspname = current_schema() order by k.conname
                        """)) {
            while (rows.next()) {
                take.add(rows.getString(1));
                give.add(rows.getString(2));
            }
        }
        for (String statement : take) {
            run(connection, statement);
        }
        return give;
    }

    private void copy(Connection connection, Manifest.Table table) throws SQLException, IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(table.entry()))) {
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + Catalogue.quoted(connection, table.name()) + " ("
                                    + String.join(", ", table.columns()) + ") from stdin",
                            in);
            if (rows != table.rows()) {
                throw new BackupException(
                        "The backup is not whole: " + table.name() + " has " + rows + " rows of " + table.rows() + ".");
            }
        }
    }

    private void sequences(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("""
                select setval(c.oid::regclass, ?, ?) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = current_schema() and c.relkind = 'S' and c.relname = ?
                """)) {
            for (Manifest.Sequence sequence : manifest.sequences()) {
                set.setLong(1, sequence.last());
                set.setBoolean(2, sequence.called());
                set.setString(3, sequence.name());
                set.executeQuery().close();
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Writes the files that lay beside the database; each is there whole, readable by its owner alone, or not at all. */
    void files(Path data) throws IOException {
        for (Manifest.StoredFile file : manifest.files()) {
            if (!DataFiles.safe(file.path())) {
                throw new BackupException("The backup names a file that is not the site's: " + file.path());
            }
            ZipEntry entry = zip.getEntry(file.entry());
            if (entry == null) {
                throw new BackupException("The backup is not whole: " + file.entry() + " is missing.");
            }
            Path target = data.resolve(file.path());
            Files.createDirectories(target.getParent());
            Path part = target.resolveSibling(target.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = Files.newOutputStream(part)) {
                TableText.Summing summing = new TableText.Summing(out);
                in.transferTo(summing);
                if (!summing.sum().equals(file.sha256())) {
                    throw new BackupException("The backup is damaged: " + file.path() + " is not what it was.");
                }
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
