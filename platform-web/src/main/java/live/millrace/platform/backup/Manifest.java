// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.time.Instant;
import java.util.List;

/**
 * What is in an archive, and what it must come to. Its last entry, since sums are known at the end: an archive without one was broken off.
 *
 * @param format the form of the archive; another one is not read
 * @param madeBy the version of the program, for people
 * @param at when the snapshot was taken: everything in the database is of that moment
 * @param schema the last migration that had been applied
 */
public record Manifest(
        int format,
        String madeBy,
        Instant at,
        String schema,
        List<Table> tables,
        List<Sequence> sequences,
        List<StoredFile> files) {
    static final int FORMAT = 1;

    /** The name of the entry. */
    static final String ENTRY = "manifest.json";

    /** Where tables are, as {@code COPY} writes text. */
    static final String TABLES = "database/";

    /** Where files are, by their path in the data directory. */
    static final String FILES = "files/";

    /**
     * A table, in the order of its key.
     *
     * @param columns those that are stored, not those that are made of others
     * @param sha256 of the text, in hexadecimal
     */
    public record Table(String name, List<String> columns, long rows, long bytes, String sha256) {
        String entry() {
            return TABLES + name + ".copy";
        }
    }

    /** What the next number comes after. */
    public record Sequence(String name, long last, boolean called) {}

    /** A file of the data directory: its path with slashes, from there on. */
    public record StoredFile(String path, long bytes, String sha256) {
        String entry() {
            return FILES + path;
        }
    }

    /** All rows of all tables. */
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }
}
