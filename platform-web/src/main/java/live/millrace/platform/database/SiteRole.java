// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role as which the site works in the server inside: it owns its database and everything in it, and may do nothing to the server, its
 * files or its machine. What was injected into a statement could not either.
 */
final class SiteRole {
    static final String NAME = "millrace_site";

    private SiteRole() {}

    /**
     * Makes the role, or gives it its password.
     *
     * @param server a connection of the superuser
     * @param password of letters, digits, minus and underscore
     */
    static void make(Connection server, String password) throws SQLException {
        if (!password.matches("[A-Za-z0-9_-]{20,100}")) {
            throw new IllegalArgumentException("a password that was generated");
        }
        run(server, """
                do $$ begin
                    if not exists (select from pg_roles where rolname = '%s') then
                        create role %s login;
                    end if;
                end $$
                """.formatted(NAME, NAME));
        run(
                server,
                "alter role " + NAME
                        + " with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '"
                        + password
                        + "'");
    }

    /**
     * Hands over what the superuser made in a database; done again, it does nothing.
     *
     * @param database a connection of the superuser to it
     */
    static void own(Connection database) throws SQLException {
        run(database, """
                do $$ declare thing record; begin
                    execute format('alter database %%I owner to %1$s', current_database());
                    for thing in
                        select format('alter table %%I.%%I owner to %1$s', n.nspname, c.relname) as words
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') and c.relowner = current_user::regrole
                          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
                        union all
                        select format('alter sequence %%I.%%I owner to %1$s', n.nspname, c.relname)
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = 'public' and c.relkind = 'S' and c.relowner = current_user::regrole
                          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i', 'e'))
                        union all
                        select format('alter routine %%s owner to %1$s', p.oid::regprocedure)
                        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                        where n.nspname = 'public' and p.proowner = current_user::regrole
                          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
                    loop
                        execute thing.words;
                    end loop;
                end $$
                """.formatted(NAME));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
