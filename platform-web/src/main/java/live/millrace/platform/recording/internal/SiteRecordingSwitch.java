// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.RecordingSwitch;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Writes first, and tells the engine then: a process that dies between the two has the next one do as was said. */
@Service
class SiteRecordingSwitch implements RecordingSwitch {
    /** So soon after its beginning a broadcast has no segment that could be kept, but will be. */
    private static final Duration EARLY = Duration.ofSeconds(15);

    private final JdbcClient database;
    private final Channels channels;
    private final RecordingRules rules;
    private final ObjectProvider<Engine> engine;
    private final Clock clock;

    SiteRecordingSwitch(
            JdbcClient database, Channels channels, RecordingRules rules, ObjectProvider<Engine> engine, Clock clock) {
        this.database = database;
        this.channels = channels;
        this.rules = rules;
        this.engine = engine;
        this.clock = clock;
    }

    private Optional<UUID> running(long channelId) {
        return channels.find(channelId)
                .flatMap(channel -> engine.getObject().live(channel.name()))
                .map(LiveView::broadcastId);
    }

    @Override
    public boolean kept(long channelId) {
        Optional<Boolean> said = running(channelId)
                .map(broadcast -> database.sql("""
                        select not exists (select from live_broadcast where engine_id = :id and not recorded)
                            and (exists (select from recording where engine_id = :id and state = 'RECORDING')
                                or :rule and exists (select from live_broadcast where engine_id = :id and started_at > :early))
                        """)
                        .param("id", broadcast)
                        .param("rule", rules.of(channelId).recorded())
                        .param("early", Timestamp.from(clock.instant().minus(EARLY)))
                        .query(Boolean.class)
                        .single())
                .or(() -> database.sql("select next_recorded from recording_channel where channel_id = ?")
                        .param(channelId)
                        .query((row, _) -> Optional.ofNullable(row.getObject(1, Boolean.class)))
                        .optional()
                        .flatMap(next -> next));
        return said.orElseGet(() -> rules.of(channelId).recorded());
    }

    @Override
    public Optional<String> running(String channel) {
        return engine.getObject().runningRecording(channel).map(Recording::id);
    }

    @Override
    public void keep(long channelId, boolean kept) {
        Optional<UUID> running = running(channelId);
        if (running.isEmpty()) {
            database.sql("""
                    insert into recording_channel (channel_id, next_recorded) values (?, ?)
                    on conflict (channel_id) do update set next_recorded = excluded.next_recorded
                    """).param(channelId).param(kept).update();
            return;
        }
        database.sql("update live_broadcast set recorded = ? where engine_id = ?")
                .param(kept)
                .param(running.get())
                .update();
        channels.find(channelId).map(ChannelView::name).ifPresent(channel -> {
            if (kept) {
                engine.getObject().startRecording(channel, recording(running.get()));
            } else {
                engine.getObject().stopRecording(channel);
            }
        });
    }

    /** What it is kept as already goes on. */
    private String recording(UUID broadcast) {
        return database.sql("""
                select public_id from recording where engine_id = ? and state = 'RECORDING' and deleted_at is null
                order by id desc limit 1
                """)
                .param(broadcast)
                .query((row, _) -> row.getString(1))
                .optional()
                .orElseGet(RecordingId::fresh);
    }
}
