// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.util.Arrays;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What is being recorded becomes narrower with what is live, and never wider: what was said to a few does not become everybody's because the
 * rest is. What is whole stays as its owner left it.
 */
@Component
class RunningVisibility {
    private final JdbcClient database;
    private final RecordingRules rules;
    private final ApplicationEventPublisher events;

    RunningVisibility(JdbcClient database, RecordingRules rules, ApplicationEventPublisher events) {
        this.database = database;
        this.rules = rules;
        this.events = events;
    }

    /** In the transaction that changes it. */
    @EventListener
    void on(ChannelVisibilityChanged event) {
        Visibility now = rules.of(event.channelId()).visibility();
        database.sql("""
                update recording set visibility = :visibility
                where channel_id = :channel and state = 'RECORDING' and kind = 'LIVE' and not withheld and visibility = any(:wider)
                returning public_id
                """)
                .param("visibility", now.name())
                .param("channel", event.channelId())
                .param(
                        "wider",
                        Arrays.stream(Visibility.values())
                                .filter(before -> before.compareTo(now) < 0)
                                .map(Enum::name)
                                .toArray(String[]::new))
                .query((row, _) -> new VideoChanged(row.getString(1), event.channelId(), VideoChanged.What.EDITED))
                .list()
                .forEach(events::publishEvent);
    }
}
