// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Broadcasts that nobody sent. */
class FetchedBroadcastsTest extends CameraSite {
    private static LiveView on(
            ChannelView channel,
            UUID broadcast,
            LiveState state,
            @Nullable Instant liveSince,
            LiveView.@Nullable Encoder encoder) {
        return new LiveView(
                channel.name(),
                broadcast,
                state,
                Instant.now(),
                liveSince,
                null,
                null,
                encoder,
                null,
                0,
                0,
                0,
                0,
                null,
                1,
                List.of(),
                Map.of(),
                null);
    }

    @Test
    void whatIsFetchedRingsNobodyAndFillsNoHistory() {
        UUID broadcast = UUID.randomUUID();
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        database.sql("insert into recording_channel (channel_id, next_recorded) values (?, false)")
                .param(channel.id())
                .update();
        // Who publishes is not known yet when it is heard of first.
        events.publishEvent(new LiveChanged(on(channel, broadcast, LiveState.STARTING, null, null), true));
        events.publishEvent(new LiveChanged(
                on(
                        channel,
                        broadcast,
                        LiveState.LIVE,
                        Instant.now(),
                        new LiveView.Encoder("Garden Cam", "192.168.1.20")),
                false));
        events.publishEvent(new LiveChanged(on(channel, broadcast, LiveState.ENDED, Instant.now(), null), false));
        assertThat(database.sql("select fetched and ended_at is not null from live_broadcast where engine_id = ?")
                        .param(broadcast)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(database.sql("select count(*) from delivery where kind = 'notice.live' and target = ?")
                        .param(channel.name())
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(broadcasting.past(channel, 10)).isEmpty();
        ChannelView after = channels.find(channel.id()).orElseThrow();
        assertThat(after.lastLiveAt()).isNull();
        assertThat(after.visibility()).as("a glance is no broadcast").isEqualTo(Visibility.PRIVATE);
        assertThat(database.sql("select next_recorded from recording_channel where channel_id = ?")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single())
                .as("what was said of the next broadcast holds")
                .isFalse();
    }
}
