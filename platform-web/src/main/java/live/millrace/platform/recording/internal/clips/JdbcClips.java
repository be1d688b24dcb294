// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.clips;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.ClipView.Maker;
import live.millrace.platform.recording.ClipView.Source;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.internal.videos.VideoPictures;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Service;

/** Clips in the database. */
@Service
class JdbcClips implements Clips {
    /**
     * What plays is its own recording, else the video. A video that somebody deleted, or hid, takes its clips with it; one that only went
     * because its time was over leaves those that have bytes of their own.
     */
    private static final String SELECT = """
            select * from (
                select k.id as nth, k.public_id, k.title, k.account_id, a.username, k.made_at, k.from_ms, k.to_ms, k.views,
                    c.id as channel_id, c.name, k.recording_id, v.public_id as video, v.title as video_title, r.public_id as recording,
                    k.own_recording is not null as own, r.started_at, r.mature, k.visibility, p.number,
                    case when k.own_recording is null or v.visibility = 'PRIVATE' then v.visibility else 'PUBLIC' end as held
                from recording_clip k
                left join recording s on s.id = k.recording_id
                left join recording v on v.id = s.id and v.deleted_at is null
                join recording r on r.id = coalesce(k.own_recording, v.id)
                join channel c on c.id = r.channel_id
                left join account a on a.id = k.account_id
                left join recording_picture p on p.clip_id = k.id and %s
                where k.deleted_at is null and r.deleted_at is null and (s.id is null or s.removing or v.id is not null)) k
            """.formatted(VideoPictures.SHOWN);

    private static final String SHOWN =
            " and k.held = any(:shown) and (k.visibility = any(:shown) or k.account_id = cast(:maker as bigint)) ";

    private final JdbcClient database;

    JdbcClips(JdbcClient database) {
        this.database = database;
    }

    private StatementSpec sql(String rest) {
        return database.sql(SELECT + rest);
    }

    @Override
    public Optional<ClipView> find(String id) {
        return sql("where k.public_id = ?")
                .param(id)
                .query((row, _) -> clip(row))
                .optional();
    }

    private StatementSpec list(String which, Shown shown, String rest) {
        return sql(which + SHOWN + rest)
                .param("shown", shown.visibilities().stream().map(Enum::name).toArray(String[]::new))
                .param("maker", shown.maker());
    }

    @Override
    public List<ClipView> ofChannel(long channelId, Shown shown, Optional<String> before, int most) {
        return list("where k.channel_id = :channel", shown, """
                and (cast(:before as text) is null or k.nth < (select id from recording_clip where public_id = :before))
                order by k.nth desc limit :most
                """)
                .param("channel", channelId)
                .param("before", before.orElse(null))
                .param("most", most)
                .query((row, _) -> clip(row))
                .list();
    }

    @Override
    public List<ClipView> ofVideo(String video, Shown shown, int most) {
        return list(
                        "where k.recording_id = (select id from recording where public_id = :video)",
                        shown,
                        "order by k.nth desc limit :most")
                .param("video", video)
                .param("most", most)
                .query((row, _) -> clip(row))
                .list();
    }

    private static ClipView clip(ResultSet row) throws SQLException {
        Long maker = row.getObject("account_id", Long.class);
        String video = row.getString("video");
        boolean mature = row.getBoolean("mature");
        return new ClipView(
                row.getString("public_id"),
                row.getLong("channel_id"),
                row.getString("name"),
                row.getString("title"),
                maker == null ? null : new Maker(maker, row.getString("username")),
                row.getTimestamp("made_at").toInstant(),
                row.getLong("from_ms"),
                row.getLong("to_ms"),
                row.getLong("views"),
                mature,
                Visibility.valueOf(row.getString("visibility")),
                Visibility.valueOf(row.getString("held")),
                video == null ? null : new Source(video, row.getString("video_title")),
                row.getString("recording"),
                row.getBoolean("own"),
                row.getTimestamp("started_at").toInstant(),
                mature ? null : picture(row));
    }

    private static @Nullable String picture(ResultSet row) throws SQLException {
        Long number = row.getObject("number", Long.class);
        return number == null ? null : VideoPictures.ofClip(row.getString("public_id"), number);
    }
}
