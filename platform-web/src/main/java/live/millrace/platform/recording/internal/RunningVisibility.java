// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.util.Arrays;
import java.util.List;
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
 * rest is. What is whole, or of a broadcast that is over, stays as its owner left it.
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
        List<Visibility> wider = Arrays.stream(Visibility.values())
                .filter(before -> !before.within(now))
                .toList();
        database.sql("""
                update recording r set visibility = n.after from unnest(:before::text[], :after::text[]) n(before, after)
                where r.channel_id = :channel and r.state = 'RECORDING' and r.kind = 'LIVE' and not r.withheld
                    and r.visibility = n.before
                    and not exists (select from live_broadcast b where b.engine_id = r.engine_id and b.ended_at is not null)
                returning r.public_id
                """)
                .param("channel", event.channelId())
                .param("before", wider.stream().map(Enum::name).toArray(String[]::new))
                .param(
                        "after",
                        wider.stream().map(before -> before.and(now).name()).toArray(String[]::new))
                .query((row, _) -> new VideoChanged(row.getString(1), event.channelId(), VideoChanged.What.EDITED))
                .list()
                .forEach(events::publishEvent);
    }
}
