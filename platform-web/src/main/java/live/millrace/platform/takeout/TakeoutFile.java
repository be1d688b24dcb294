// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.IntConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a takeout: a ZIP of JSON lines, as of one moment, and of the person's pictures. */
final class TakeoutFile {
    /** What can be read back elsewhere. */
    static final String FOLLOWS = "follows.jsonl";

    /** Behind the name of one that is not whole yet. */
    static final String PART = ".part";

    private static final int ROWS_AT_ONCE = 500;

    private static final String READ_ME = """
            What this site knows of you, as of one moment.

            Each .jsonl file has one JSON object in a line; times are in UTC. "pictures" holds what you uploaded.
            Passwords, stream keys and tokens are not in here: the site keeps only what they can be compared with.
            "follows.jsonl" can be imported on another Millrace: Settings, Data.
            """;

    private TakeoutFile() {}

    /**
     * Writes it to a file that only its owner can read, whole or not at all.
     *
     * @param connection of its own, in no transaction; its transaction is ended
     */
    static long write(Connection connection, long accountId, Path target, IntConsumer percent)
            throws SQLException, IOException {
        Path part = target.resolveSibling(target.getFileName() + PART);
        Files.createDirectories(target.resolveSibling(""));
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("README.txt"));
            zip.write(READ_ME.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            int done = 0;
            for (TakeoutParts.Part each : TakeoutParts.ALL) {
                percent.accept(100 * done++ / (TakeoutParts.ALL.size() + 1));
                zip.putNextEntry(new ZipEntry(each.file()));
                lines(connection, each.sql(), accountId, zip);
                zip.closeEntry();
            }
            pictures(connection, accountId, zip);
        } finally {
            connection.rollback();
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(target);
    }

    private static void lines(Connection connection, String sql, long accountId, OutputStream out)
            throws SQLException, IOException {
        try (PreparedStatement ask = connection.prepareStatement("select row_to_json(t)::text from (" + sql + ") t")) {
            ask.setFetchSize(ROWS_AT_ONCE);
            ask.setLong(1, accountId);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    out.write(rows.getString(1).getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                }
            }
        }
    }

    private static void pictures(Connection connection, long accountId, ZipOutputStream zip)
            throws SQLException, IOException {
        try (PreparedStatement ask = connection.prepareStatement("""
                select lower(kind), name, content_type, bytes from picture_file where account_id = ? order by created_at, name
                """)) {
            ask.setFetchSize(1);
            ask.setLong(1, accountId);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    String type = rows.getString(3);
                    String ending = type.substring(type.indexOf('/') + 1).replaceAll("[^a-z]", "");
                    String name = rows.getString(2).replaceAll("\\..*|[^A-Za-z0-9_-]", "");
                    zip.putNextEntry(new ZipEntry("pictures/" + rows.getString(1) + "-" + name + "." + ending));
                    try (InputStream bytes = rows.getBinaryStream(4)) {
                        bytes.transferTo(zip);
                    }
                    zip.closeEntry();
                }
            }
        }
    }
}
