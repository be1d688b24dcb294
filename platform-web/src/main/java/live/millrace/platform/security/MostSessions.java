// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.stereotype.Component;

/**
 * How many sessions one account may have at a time: more than anybody has browsers, and no more, for each is a row that stays for
 * weeks. A log-in beyond it ends the one that was unused for longest.
 */
@Component
class MostSessions {
    /** With the one that begins. */
    static final int MOST = 50;

    private final JdbcClient database;

    MostSessions(JdbcClient database) {
        this.database = database;
    }

    /** Once they are in, by whichever way and with every step of it. */
    @EventListener
    void on(InteractiveAuthenticationSuccessEvent event) {
        makeRoom(event.getAuthentication().getName());
    }

    /** Before the new one is written, which happens at the end of the request. */
    private void makeRoom(String username) {
        database.sql("""
                delete from spring_session where primary_id in (
                    select primary_id from spring_session where principal_name = ?
                    order by last_access_time desc offset ?)
                """).param(username).param(MOST - 1).update();
    }
}
