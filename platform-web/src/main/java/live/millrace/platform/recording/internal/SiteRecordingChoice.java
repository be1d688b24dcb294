// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.live.RecordingChoice;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names the recordings of those who go live. */
@Component
class SiteRecordingChoice implements RecordingChoice {
    /** Channels that went live a short while ago: whoever is not among them is treated as the site says. */
    private static final int REMEMBERED = 10_000;

    private final JdbcClient database;
    private final SiteSettings settings;

    /** Whether a channel was recorded when that was last asked, for when the database is away. */
    private final Cache<Long, Boolean> last =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    SiteRecordingChoice(JdbcClient database, SiteSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public Optional<String> forNew(long channelId) {
        return fresh(wanted(channelId));
    }

    /** One that its owner stopped is not begun again by a new process; one that ended too early goes on in another. */
    @Override
    public Optional<String> forResumed(long channelId, UUID broadcast) {
        boolean stopped = database.sql(
                        "select exists (select from live_broadcast where engine_id = ? and not recorded)")
                .param(broadcast)
                .query(Boolean.class)
                .single();
        if (stopped) {
            return Optional.empty();
        }
        return database.sql("""
                select public_id from recording where engine_id = ? and state = 'RECORDING' and deleted_at is null
                order by id desc limit 1
                """)
                .param(broadcast)
                .query((row, _) -> row.getString(1))
                .optional()
                .or(() -> fresh(wanted(channelId)));
    }

    @Override
    public Optional<String> remembered(long channelId) {
        Boolean known = last.getIfPresent(channelId);
        return fresh(known == null ? siteRecords() : known);
    }

    private boolean wanted(long channelId) {
        boolean wanted = database.sql(
                        "select coalesce(next_recorded, recorded) from recording_channel where channel_id = ?")
                .param(channelId)
                .query((row, _) -> Optional.ofNullable(row.getObject(1, Boolean.class)))
                .optional()
                .flatMap(said -> said)
                .orElseGet(this::siteRecords);
        last.put(channelId, wanted);
        return wanted;
    }

    private boolean siteRecords() {
        return settings.text(Setting.RECORDING).equals("on");
    }

    private static Optional<String> fresh(boolean kept) {
        return kept ? Optional.of(RecordingId.fresh()) : Optional.empty();
    }
}
