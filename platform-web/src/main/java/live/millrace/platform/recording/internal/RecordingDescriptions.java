// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Types;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.live.BroadcastStarted;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What is being recorded is about what its channel says now, as its broadcast is. */
@Component
class RecordingDescriptions {
    private final JdbcClient database;
    private final Channels channels;

    RecordingDescriptions(JdbcClient database, Channels channels) {
        this.database = database;
        this.channels = channels;
    }

    /** What once was not for everybody stays so; what is over is not about what comes next. */
    @TransactionalEventListener
    void on(ChannelEdited event) {
        channels.find(event.channelId()).ifPresent(this::describe);
    }

    private void describe(ChannelView channel) {
        CategoryView category = channel.category();
        database.sql("""
                update recording set title = :title, category_id = :category, language = :language, mature = mature or :mature
                where channel_id = :channel and state = 'RECORDING'
                    and not exists (select from live_broadcast b where b.engine_id = recording.engine_id and b.ended_at is not null)
                """)
                .param("title", channel.title())
                .param("category", category == null ? null : category.id(), Types.BIGINT)
                .param("language", channel.language())
                .param("mature", channel.mature())
                .param("channel", channel.id())
                .update();
    }

    /** A recording may be written down before its broadcast is. What was said of the next broadcast is said of this one. */
    @EventListener
    void on(BroadcastStarted event) {
        database.sql("update recording set broadcast_id = ? where engine_id = ? and broadcast_id is null")
                .param(event.broadcastId())
                .param(event.engineId())
                .update();
        if (event.fetched()) {
            return; // a glance at a camera is not the broadcast that was meant
        }
        database.sql("""
                update live_broadcast set recorded = false
                where id = ? and exists (select from recording_channel where channel_id = ? and next_recorded = false)
                """).param(event.broadcastId()).param(event.channelId()).update();
        database.sql(
                        "update recording_channel set next_recorded = null where channel_id = ? and next_recorded is not null")
                .param(event.channelId())
                .update();
    }
}
