// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.Farewell;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcFarewell implements Farewell {
    private final JdbcClient database;

    JdbcFarewell(JdbcClient database) {
        this.database = database;
    }

    @Override
    public void wish(long accountId, boolean comments) {
        database.sql("""
                insert into account_farewell (account_id, comments) values (?, ?)
                on conflict (account_id) do update set comments = excluded.comments
                """).param(accountId).param(comments).update();
    }

    /** Bans that they made stand, and tell no more whose they were. */
    @EventListener
    void on(AccountDeleted event) {
        database.sql("update account_address_ban set made_by = '' where lower(made_by) = ?")
                .param(event.username())
                .update();
    }

    @Override
    public boolean commentsGo(long accountId) {
        return database.sql("select exists (select from account_farewell where account_id = ? and comments)")
                .param(accountId)
                .query(Boolean.class)
                .single();
    }
}
