// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.Channels;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The last picture of each channel, for its page while nothing is on. Kept with the channel, so that it goes with it; never kept of whom
 * staff took off the air, nor of what is not for everybody.
 */
@Component
class LastPictures {
    private final JdbcClient database;
    private final BroadcastStore broadcasts;
    private final Channels channels;
    private final Accounts accounts;

    LastPictures(JdbcClient database, BroadcastStore broadcasts, Channels channels, Accounts accounts) {
        this.database = database;
        this.broadcasts = broadcasts;
        this.channels = channels;
        this.accounts = accounts;
    }

    /** The address of a channel's last picture; empty where there is none. */
    Optional<String> address(long channelId) {
        return database.sql("select engine_id, number from live_last_picture where channel_id = ?")
                .param(channelId)
                .query((row, _) -> Thumbnails.address(row.getObject(1, UUID.class), row.getLong(2)))
                .optional();
    }

    /** The picture of a broadcast that is over; empty where there is none, or a later one. */
    Optional<Thumbnails.Thumbnail> find(UUID broadcast) {
        return database.sql("select number, jpeg from live_last_picture where engine_id = ?")
                .param(broadcast)
                .query((row, _) -> new Thumbnails.Thumbnail(row.getLong(1), row.getBytes(2), null))
                .optional();
    }

    /** Keeps the picture of a broadcast that is over in place of the one before. */
    void keep(UUID broadcast, Thumbnails.Thumbnail last) {
        broadcasts
                .find(broadcast)
                .flatMap(found -> channels.find(found.channelId()))
                .ifPresent(channel -> {
                    if (channel.mature() || suspended(channel.accountId())) {
                        forget(channel.id());
                    } else {
                        store(channel.id(), broadcast, last);
                    }
                });
    }

    private boolean suspended(long accountId) {
        return accounts.find(accountId)
                .map(account -> account.suspended() || account.streamSuspended())
                .orElse(true);
    }

    private void store(long channelId, UUID broadcast, Thumbnails.Thumbnail last) {
        database.sql("""
                insert into live_last_picture (channel_id, engine_id, number, jpeg) values (?, ?, ?, ?)
                on conflict (channel_id) do update
                set engine_id = excluded.engine_id, number = excluded.number, jpeg = excluded.jpeg, kept_at = now()
                """)
                .param(channelId)
                .param(broadcast)
                .param(last.number())
                .param(last.jpeg())
                .update();
    }

    void forget(long channelId) {
        database.sql("delete from live_last_picture where channel_id = ?")
                .param(channelId)
                .update();
    }
}
