// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import live.millrace.platform.account.AccountDeleted;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What cases forget of somebody who is gone: their name, in the case and in what was kept with it. The case stays, and what was
 * decided. Their name is free again, and whoever takes it has nothing to do with it.
 */
@Component
class ForgottenSubjects {
    private final JdbcClient database;

    ForgottenSubjects(JdbcClient database) {
        this.database = database;
    }

    /** While the account and its channels are still there. */
    @EventListener
    void on(AccountDeleted event) {
        long id = event.accountId();
        // What has no title is called as its channel is, as JSON writes that.
        database.sql("""
                update moderation_case m set evidence = replace(
                    replace(evidence, '"title":' || to_json(c.name)::text, '"title":""'),
                    '"title":' || to_json(c.display_name)::text, '"title":""')
                from channel c where c.id = m.channel_id and c.account_id = ?
                """).param(id).update();
        database.sql("""
                update moderation_case set channel = 'gone-' || id
                where channel_id in (select id from channel where account_id = ?)
                """).param(id).update();
        database.sql("""
                update moderation_case set subject = 'gone-' || id,
                    excerpt = case when kind = 'USER' or excerpt in (
                        select name from channel where account_id = :id
                        union all select display_name from channel where account_id = :id) then '' else excerpt end
                where subject_account_id = :id
                """).param("id", id).update();
        // As JSON writes a name: it has no letter that would be written another way.
        database.sql("""
                update moderation_case set evidence = replace(evidence, :author, '"author":""')
                where position(:author in evidence) > 0
                """)
                .param("author", "\"author\":\"" + event.username() + "\"")
                .update();
    }
}
