// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is being recorded is for those who may see it live, also when that changes. What is whole stays as its owner left it. */
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
        database.sql("""
                update recording set visibility = :visibility
                where channel_id = :channel and state = 'RECORDING' and kind = 'LIVE' and not withheld and visibility <> :visibility
                returning public_id
                """)
                .param("visibility", rules.of(event.channelId()).visibility().name())
                .param("channel", event.channelId())
                .query((row, _) -> new VideoChanged(row.getString(1), event.channelId(), VideoChanged.What.EDITED))
                .list()
                .forEach(events::publishEvent);
    }
}
