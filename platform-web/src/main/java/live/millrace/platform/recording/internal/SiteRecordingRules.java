// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** What is kept: the site's settings, and what channels chose beside them. */
@Service
class SiteRecordingRules implements RecordingRules {
    private static final Choice NONE = new Choice(null, null, null, null, null, null);

    private final JdbcClient database;
    private final SiteSettings settings;

    SiteRecordingRules(JdbcClient database, SiteSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public Rules of(long channelId) {
        Choice choice = choice(channelId);
        Boolean kept = choice.recorded();
        Integer rewind = choice.rewindMinutes();
        Visibility visibility = choice.visibility();
        Boolean downloads = choice.downloads();
        Boolean clips = choice.clips();
        return new Rules(
                kept == null ? siteRecords() : kept,
                shorter(choice.keepDays(), siteDays()),
                rewind == null ? siteRewind() : rewind,
                visibilityOf(channelId, visibility),
                downloads == null ? settings.text(Setting.RECORDING_DOWNLOADS).equals("on") : downloads,
                clips == null ? settings.text(Setting.RECORDING_CLIPS).equals("on") : clips);
    }

    private static @Nullable Integer shorter(@Nullable Integer one, @Nullable Integer other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }

    private boolean siteRecords() {
        return settings.text(Setting.RECORDING).equals("on");
    }

    /** Null for as long as there is room. */
    private @Nullable Integer siteDays() {
        int days = settings.number(Setting.RECORDING_DAYS);
        return days == 0 ? null : days;
    }

    private int siteRewind() {
        String rewind = settings.text(Setting.RECORDING_REWIND);
        return switch (rewind) {
            case "all" -> ALL;
            case "off" -> 0;
            default -> Integer.parseInt(rewind);
        };
    }

    /** The channel, as it is shown now: for good, or for one broadcast. */
    private record Shown(Visibility visibility, boolean once) {}

    /**
     * What is not shown to everybody while it is live is not afterwards, unless its owner said so of all: not of the one broadcast for which
     * they chose otherwise.
     */
    private Visibility visibilityOf(long channelId, @Nullable Visibility chosen) {
        Optional<Shown> live = database.sql("select visibility, visibility_after is not null from channel where id = ?")
                .param(channelId)
                .query((row, _) -> new Shown(Visibility.valueOf(row.getString(1)), row.getBoolean(2)))
                .optional();
        if (chosen != null) {
            return live.filter(Shown::once)
                    .map(shown -> chosen.and(shown.visibility))
                    .orElse(chosen);
        }
        return live.map(Shown::visibility)
                .filter(shown -> shown != Visibility.PUBLIC)
                .orElseGet(this::siteVisibility);
    }

    private Visibility siteVisibility() {
        return Visibility.valueOf(settings.text(Setting.RECORDING_VISIBILITY).toUpperCase(Locale.ROOT));
    }

    @Override
    public Choice choice(long channelId) {
        return database.sql("""
                select recorded, keep_days, rewind_minutes, visibility, downloads, clips from recording_channel
                where channel_id = ?
                """)
                .param(channelId)
                .query((row, _) -> new Choice(
                        row.getObject(1, Boolean.class),
                        row.getObject(2, Integer.class),
                        row.getObject(3, Integer.class),
                        Optional.ofNullable(row.getString(4))
                                .map(Visibility::valueOf)
                                .orElse(null),
                        row.getObject(5, Boolean.class),
                        row.getObject(6, Boolean.class)))
                .optional()
                .orElse(NONE);
    }

    @Override
    public void choose(long channelId, Choice choice) {
        Visibility visibility = choice.visibility();
        database.sql("""
                insert into recording_channel (channel_id, recorded, keep_days, rewind_minutes, visibility, downloads, clips)
                values (:channel, :recorded, :days, :rewind, :visibility, :downloads, :clips)
                on conflict (channel_id) do update set recorded = excluded.recorded, keep_days = excluded.keep_days,
                    rewind_minutes = excluded.rewind_minutes, visibility = excluded.visibility, downloads = excluded.downloads,
                    clips = excluded.clips
                """)
                .param("channel", channelId)
                .param("recorded", choice.recorded(), Types.BOOLEAN)
                .param("days", choice.keepDays(), Types.INTEGER)
                .param("rewind", choice.rewindMinutes(), Types.INTEGER)
                .param("visibility", visibility == null ? null : visibility.name(), Types.VARCHAR)
                .param("downloads", choice.downloads(), Types.BOOLEAN)
                .param("clips", choice.clips(), Types.BOOLEAN)
                .update();
    }
}
