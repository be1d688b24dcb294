// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.recording.VideoHelpers;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Moderators of a channel who say what its broadcasts are about do so afterwards as well. Staff are not meant: they answer for the site. */
@Component
class VideoHands implements VideoHelpers {
    private final JdbcClient database;

    VideoHands(JdbcClient database) {
        this.database = database;
    }

    @Override
    public boolean describes(ChannelView channel, AccountPrincipal person) {
        return database.sql(
                        "select exists (select from chat_moderator where channel_id = ? and account_id = ? and ? = any(rights))")
                .param(channel.id())
                .param(person.accountId())
                .param(ChatRight.INFO.name())
                .query(Boolean.class)
                .single();
    }
}
