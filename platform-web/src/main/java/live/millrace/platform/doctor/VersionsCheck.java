// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import live.millrace.platform.doctor.Finding.State;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.shared.ProgramVersion;
import live.millrace.platform.shared.StartupException;
import live.millrace.platform.updates.Trouble;
import live.millrace.platform.updates.UpdatesSettings;
import live.millrace.platform.updates.Versions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Whether there is a newer version, by what the running site was answered. Asks nobody itself. */
final class VersionsCheck {
    private VersionsCheck() {}

    static Finding examine(Environment settings, Connection connection) throws SQLException {
        URI address;
        try {
            address = Binder.get(settings)
                    .bindOrCreate("millrace.updates", UpdatesSettings.class)
                    .address()
                    .orElse(null);
        } catch (BindException e) {
            return NestedExceptionUtils.getMostSpecificCause(e) instanceof StartupException known
                    ? Finding.bad(Subject.VERSIONS, "said", known.getMessage() + " " + known.action())
                    : Finding.bad(Subject.VERSIONS, "malformed");
        }
        if (address == null) {
            return Finding.good(Subject.VERSIONS, "off");
        }
        String shown = UpdatesSettings.shown(address);
        try (Statement statement = connection.createStatement()) {
            if (!there(statement)) {
                return Finding.good(Subject.VERSIONS, "awaited", shown);
            }
            try (ResultSet row =
                    statement.executeQuery("select asked_for, asked_at, trouble, version from updates_site")) {
                return row.next()
                                && UpdatesSettings.mark(address).equals(row.getString(1))
                                && row.getTimestamp(2) != null
                        ? finding(shown, row.getString(3), row.getString(4))
                        : Finding.good(Subject.VERSIONS, "awaited", shown);
            }
        }
    }

    private static boolean there(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select to_regclass('updates_site') is not null")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static Finding finding(String shown, @Nullable String trouble, @Nullable String version) {
        if (trouble != null) {
            return new Finding(
                    State.NOTE,
                    Subject.VERSIONS,
                    "doctor.versions.trouble." + Trouble.valueOf(trouble),
                    List.of(shown));
        }
        String newest = String.valueOf(version);
        String running = ProgramVersion.packaged().orElse(null);
        if (running == null) {
            return Finding.good(Subject.VERSIONS, "compared", newest, shown);
        }
        return Versions.newer(newest, running)
                ? Finding.note(Subject.VERSIONS, "newer", newest, shown)
                : Finding.good(Subject.VERSIONS, "newest", newest, shown);
    }
}
