// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.recording.VideoChanged;
import live.millrace.platform.recording.VideoDesk;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** While a broadcast is recorded: another category is another chapter, and its tags are the video's. */
@Component
class RunningChapters {
    private final JdbcClient database;
    private final Channels channels;
    private final VideoDesk desk;

    RunningChapters(JdbcClient database, Channels channels, VideoDesk desk) {
        this.database = database;
        this.channels = channels;
        this.desk = desk;
    }

    @TransactionalEventListener
    void on(VideoChanged event) {
        Long channelId = event.channelId();
        if (event.what() == VideoChanged.What.BEGAN && channelId != null) {
            channels.find(channelId).ifPresent(channel -> {
                tag(channel);
                categorised(channel);
            });
        }
    }

    @TransactionalEventListener
    void on(ChannelEdited event) {
        channels.find(event.channelId()).ifPresent(channel -> {
            tag(channel);
            CategoryView category = channel.category();
            if (categorised(channel) && category != null) {
                desk.mark(channel.id(), category.name(Locale.of(channel.language())));
            }
        });
    }

    private void tag(ChannelView channel) {
        database.sql(
                        "update recording set tags = ? where channel_id = ? and state = 'RECORDING' and deleted_at is null")
                .param(channel.tags().toArray(String[]::new))
                .param(channel.id())
                .update();
    }

    /** Whether it was another one before. */
    private boolean categorised(ChannelView channel) {
        return database.sql("""
                        update recording set chaptered_category_id = :category
                        where channel_id = :channel and state = 'RECORDING' and deleted_at is null
                        and chaptered_category_id is distinct from :category
                        """)
                        .param(
                                "category",
                                Optional.ofNullable(channel.category())
                                        .map(CategoryView::id)
                                        .orElse(null),
                                Types.BIGINT)
                        .param("channel", channel.id())
                        .update()
                > 0;
    }
}
