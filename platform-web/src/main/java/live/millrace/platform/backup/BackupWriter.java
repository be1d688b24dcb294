// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a site into an archive: a ZIP of its tables, all of one moment, and of the files beside them. The site goes on meanwhile; nothing
 * waits for it but a change of tables.
 */
final class BackupWriter {
    /** Text of tables packs well at once; more work would be taken from the streams. */
    private static final int COMPRESSION = 3;

    /** Of the way that is told, as much is the database. */
    private static final int DATABASE_SHARE = 90;

    private BackupWriter() {}

    /**
     * @param connection of its own, in no transaction; its transaction is ended
     * @param data the data directory; where there is none, there are no files
     * @param out is not closed
     */
    static Manifest write(Connection connection, Path data, OutputStream out, Progress progress)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            return archive(connection, data, out, progress);
        } finally {
            connection.rollback();
        }
    }

    private static Manifest archive(Connection connection, Path data, OutputStream out, Progress progress)
            throws SQLException, IOException {
        TableText.settle(connection);
        // The first question takes the snapshot that all others see.
        String schema = Catalogue.schema(connection);
        Instant at = Instant.now();
        List<Catalogue.Table> tables = Catalogue.tables(connection);
        long all = Math.max(1, tables.stream().mapToLong(Catalogue.Table::bytes).sum());
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(COMPRESSION);
        List<Manifest.Table> written = new ArrayList<>();
        long behind = 0;
        for (Catalogue.Table table : tables) {
            progress.at((int) (DATABASE_SHARE * behind / all), table.name());
            zip.putNextEntry(new ZipEntry(Manifest.TABLES + table.name() + ".copy"));
            written.add(TableText.write(connection, table, zip));
            zip.closeEntry();
            behind += table.bytes();
        }
        // A sequence does not know snapshots: asked for last, it is beyond every row that was written.
        List<Manifest.Sequence> sequences = Catalogue.sequences(connection);
        List<Manifest.StoredFile> files = files(data, zip, progress);
        Manifest manifest = new Manifest(Manifest.FORMAT, version(), at, schema, written, sequences, files);
        zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
        zip.write(JsonMapper.shared().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.finish();
        progress.at(100, "");
        return manifest;
    }

    private static List<Manifest.StoredFile> files(Path data, ZipOutputStream zip, Progress progress)
            throws IOException {
        List<Manifest.StoredFile> stored = new ArrayList<>();
        List<Path> found = DataFiles.find(data);
        for (int i = 0; i < found.size(); i++) {
            Path file = found.get(i);
            String path = data.relativize(file).toString();
            progress.at(DATABASE_SHARE + (100 - DATABASE_SHARE) * i / found.size(), path);
            store(file, path, zip).ifPresent(stored::add);
        }
        return stored;
    }

    /** Evidence is taken away when its time is over, at any moment: what is gone is not in the backup. */
    private static Optional<Manifest.StoredFile> store(Path file, String path, ZipOutputStream zip) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(Manifest.FILES + path));
            TableText.Summing summing = new TableText.Summing(zip);
            in.transferTo(summing);
            zip.closeEntry();
            return Optional.of(new Manifest.StoredFile(path, summing.bytes(), summing.sum()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    static String version() {
        String version = BackupWriter.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }
}
