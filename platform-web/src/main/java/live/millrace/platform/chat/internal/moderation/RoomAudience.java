// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.Timestamp;
import java.time.Clock;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.ChannelCrew;
import live.millrace.platform.audience.ShutOut;
import live.millrace.platform.channel.ChannelView;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Moderators of a room see what they moderate; whoever is banned in it sees nothing that is not for everybody. */
@Component
class RoomAudience implements ChannelCrew, ShutOut {
    private final JdbcClient database;
    private final Clock clock;

    RoomAudience(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public boolean has(ChannelView channel, AccountPrincipal person) {
        return database.sql("select exists (select from chat_moderator where channel_id = ? and account_id = ?)")
                .param(channel.id())
                .param(person.accountId())
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean has(ChannelView channel, long accountId) {
        return database.sql("""
                select exists (select from chat_sanction where channel_id = :channel and account_id = :account and kind = 'BAN'
                    and lifted_at is null and (until is null or until > :now))
                """)
                .param("channel", channel.id())
                .param("account", accountId)
                .param("now", Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }
}
