// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.Timestamp;
import java.time.Clock;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.recording.ClipGuests;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whoever may not write in a channel's room makes no clips of it; whoever removes messages there removes clips. */
@Component
class ClipDoor implements ClipGuests {
    private final JdbcClient database;
    private final Clock clock;

    ClipDoor(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public boolean banned(ChannelView channel, AccountPrincipal person) {
        return database.sql("""
                select exists (select from chat_sanction
                    where channel_id = ? and account_id = ? and lifted_at is null and (until is null or until > ?))
                """)
                .param(channel.id())
                .param(person.accountId())
                .param(Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean moderates(ChannelView channel, AccountPrincipal person) {
        return database.sql(
                        "select exists (select from chat_moderator where channel_id = ? and account_id = ? and ? = any(rights))")
                .param(channel.id())
                .param(person.accountId())
                .param(ChatRight.DELETE.name())
                .query(Boolean.class)
                .single();
    }
}
