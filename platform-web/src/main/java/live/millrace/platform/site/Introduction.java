// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether somebody looked at what a new site is called, and saved it: the same name as before is an answer too. Asks the database. */
@Component
public class Introduction {
    /** A row beside those of settings, and no name of one. */
    private static final String ROW = "introduced";

    private final JdbcClient database;
    private final Clock clock;

    Introduction(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    public boolean done() {
        return database.sql("select exists (select from site_setting where name = ?)")
                .param(ROW)
                .query(Boolean.class)
                .single();
    }

    /** Somebody did. */
    public void did() {
        database.sql("insert into site_setting (name, value, changed_at) values (?, '', ?) on conflict do nothing")
                .param(ROW)
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
