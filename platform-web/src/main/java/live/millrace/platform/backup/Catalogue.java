// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a database consists of, as far as a backup is concerned. Names come from the catalogue alone, and are quoted by it. */
final class Catalogue {
    /**
     * What is not taken along: how the tables came to be is known to whoever makes them again, and who was signed in logs in again, since
     * a session that was ended meanwhile must not come back.
     */
    private static final Set<String> LEFT_OUT =
            Set.of("flyway_schema_history", "spring_session", "spring_session_attributes");

    /**
     * A table.
     *
     * @param columns quoted where they need it, without generated ones
     * @param order by what its rows are sorted, the same on every server: its key, or everything
     * @param bytes about what it takes on disk
     */
    record Table(String name, List<String> columns, List<String> order, long bytes) {
        String list() {
            return String.join(", ", columns);
        }
    }

    private Catalogue() {}

    static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname,
                               array(select quote_ident(a.attname) from pg_attribute a
                                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                                       and a.attgenerated = '' order by a.attnum),
                               coalesce(
                                   (select array(select quote_ident(a.attname) || case a.attcollation
                                                        when 0 then '' else ' collate "C"' end
                                                 from unnest(i.indkey::int2[]) with ordinality k(attnum, place)
                                                 join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                                                 order by k.place)
                                    from pg_index i where i.indrelid = c.oid and i.indisprimary),
                                   '{}'),
                               pg_total_relation_size(c.oid)
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = current_schema() and c.relkind = 'r' order by c.relname
                        """)) {
            while (rows.next()) {
                String name = rows.getString(1);
                if (!LEFT_OUT.contains(name)) {
                    List<String> columns = strings(rows, 2);
                    List<String> key = strings(rows, 3);
                    tables.add(new Table(name, columns, key.isEmpty() ? columns : key, rows.getLong(4)));
                }
            }
        }
        return tables;
    }

    private static List<String> strings(ResultSet rows, int column) throws SQLException {
        return List.of((String[]) rows.getArray(column).getArray());
    }

    /** Quotes a name that came from the catalogue. */
    static String quoted(Connection connection, String name) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement("select quote_ident(?)")) {
            ask.setString(1, name);
            try (ResultSet row = ask.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    static List<Manifest.Sequence> sequences(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = current_schema() and c.relkind = 'S' order by 1
                        """)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        List<Manifest.Sequence> sequences = new ArrayList<>();
        for (String name : names) {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select last_value, is_called from " + quoted(connection, name))) {
                row.next();
                sequences.add(new Manifest.Sequence(name, row.getLong(1), row.getBoolean(2)));
            }
        }
        return sequences;
    }

    /** Whether the site's tables are here. */
    static boolean hasSite(Connection connection) throws SQLException {
        return yes(connection, "select to_regclass('flyway_schema_history') is not null");
    }

    static boolean hasPeople(Connection connection) throws SQLException {
        return yes(connection, "select to_regclass('account') is not null")
                && yes(connection, "select exists (select from account)");
    }

    /** The last migration that was applied. */
    static String schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select version from flyway_schema_history where success and version is not null
                        order by installed_rank desc limit 1
                        """)) {
            if (!row.next()) {
                throw new BackupException("This database has no tables of a site yet. Start Millrace once.");
            }
            return row.getString(1);
        }
    }

    static boolean yes(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    static Set<String> names(List<Table> tables) {
        return tables.stream().map(Table::name).collect(Collectors.toSet());
    }
}
