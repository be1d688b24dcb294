// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.postgresql.PGConnection;

/** A table as text, in the order of its key: the same rows make the same bytes, on whichever server. */
final class TableText {
    private TableText() {}

    /** Makes a transaction write values in one way, whatever the server and this process are set to. */
    static void settle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    set local timezone to 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres';
                    set local bytea_output to 'hex'; set local extra_float_digits to 1
                    """);
        }
    }

    /** Writes a table to {@code out}, which stays open, and says what it came to. */
    static Manifest.Table write(Connection connection, Catalogue.Table table, OutputStream out)
            throws SQLException, IOException {
        Summing summing = new Summing(out);
        long rows = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "copy (select " + table.list() + " from " + Catalogue.quoted(connection, table.name())
                                + " order by " + String.join(", ", table.order()) + ") to stdout",
                        summing);
        return new Manifest.Table(table.name(), table.columns(), rows, summing.bytes(), summing.sum());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Counts and sums what goes through, and does not close what is behind it. */
    static final class Summing extends OutputStream {
        private final OutputStream out;
        private final MessageDigest digest = sha256();
        private long bytes;

        Summing(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            digest.update((byte) one);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
            digest.update(from, offset, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        long bytes() {
            return bytes;
        }

        /** Ends the sum. */
        String sum() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
