// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.recording.VideoChapter;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.FetchedCache;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Service;

/** Videos in the database. */
@Service
class JdbcVideos implements Videos {
    /** How long a deleted one can be had back. */
    static final Duration KEPT_DELETED = Duration.ofDays(7);

    private static final int MAX_WORDS = 8;
    private static final int MAX_WORD = 40;

    private final JdbcClient database;
    private final VideoRows rows;
    private final ObjectProvider<Broadcasting> broadcasting;
    private final FetchedCache<Integer, List<VideoView>> recent =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(10).expireAfterWrite(Duration.ofSeconds(5)));

    JdbcVideos(JdbcClient database, VideoRows rows, ObjectProvider<Broadcasting> broadcasting) {
        this.database = database;
        this.rows = rows;
        this.broadcasting = broadcasting;
    }

    @Override
    public Optional<VideoView> find(String id) {
        return rows.one(
                rows.sql("where r.public_id = :id and r.deleted_at is null").param("id", id));
    }

    @Override
    public List<VideoView> ofChannel(long channelId, Set<Visibility> shown, Optional<String> before, int most) {
        return rows.all(rows.sql("""
                where r.channel_id = :channel and r.deleted_at is null and r.visibility = any(:shown)
                and (cast(:before as text) is null or (r.started_at, r.id) < (
                    select started_at, id from recording where public_id = :before and channel_id = :channel))
                order by r.started_at desc, r.id desc limit :most
                """)
                .param("channel", channelId)
                .param("shown", shown.stream().map(Enum::name).toArray(String[]::new))
                .param("before", before.orElse(null))
                .param("most", most));
    }

    @Override
    public List<VideoView> recent(int most) {
        return recent.get(
                most,
                _ -> rows.all(rows.sql(VideoRows.LISTED + "order by r.started_at desc limit :most")
                        .param("most", most)));
    }

    @Override
    public List<VideoView> ofChannels(Collection<Long> channelIds, int most) {
        if (channelIds.isEmpty()) {
            return List.of();
        }
        return rows.all(
                rows.sql(VideoRows.LISTED + "and r.channel_id = any(:channels) order by r.started_at desc limit :most")
                        .param("channels", channelIds.toArray(Long[]::new))
                        .param("most", most));
    }

    /** Every word is in its title, or names its channel. */
    @Override
    public List<VideoView> search(String words, int most) {
        List<String> typed = Arrays.stream(words.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.length() > MAX_WORD ? word.substring(0, MAX_WORD) : word)
                .limit(MAX_WORDS)
                .toList();
        if (typed.isEmpty()) {
            return List.of();
        }
        String each = IntStream.range(0, typed.size())
                .mapToObj(at -> "and (r.title ilike :word" + at + " or c.name ilike :word" + at
                        + " or c.display_name ilike :word" + at + ") ")
                .collect(Collectors.joining());
        StatementSpec statement = rows.sql(VideoRows.LISTED + each + "order by r.started_at desc limit :most")
                .param("most", most);
        for (int at = 0; at < typed.size(); at++) {
            statement = statement.param("word" + at, "%" + typed.get(at).replaceAll("([\\\\%_])", "\\\\$1") + "%");
        }
        return rows.all(statement);
    }

    @Override
    public Optional<VideoView> after(VideoView video) {
        return rows.one(rows.sql("""
                where r.channel_id = :channel and r.deleted_at is null and r.visibility = 'PUBLIC' and r.state <> 'RECORDING'
                and r.duration_ms > 0 and r.public_id <> :id
                order by r.started_at > :started desc, case when r.started_at > :started then r.started_at end, r.started_at desc
                limit 1
                """)
                .param("channel", video.channelId())
                .param("id", video.id())
                .param("started", java.sql.Timestamp.from(video.startedAt())));
    }

    @Override
    public List<Deleted> deleted(long channelId, int most) {
        return rows.all(rows.sql("""
                        where r.channel_id = :channel and r.deleted_at is not null and not r.removing and not r.withheld
                        order by r.deleted_at desc limit :most
                        """).param("channel", channelId).param("most", most)).stream()
                .map(this::deleted)
                .toList();
    }

    @Override
    public Optional<Deleted> deleted(String id) {
        return rows.one(rows.sql("where r.public_id = :id and r.deleted_at is not null and not r.removing")
                        .param("id", id))
                .map(this::deleted);
    }

    private Deleted deleted(VideoView video) {
        Instant at = database.sql("select deleted_at from recording where public_id = ?")
                .param(video.id())
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .single();
        return new Deleted(video, at.plus(KEPT_DELETED));
    }

    @Override
    public List<VideoChapter> chapters(VideoView video) {
        return database.sql("""
                select h.at, h.title from recording_chapter h join recording r on r.id = h.recording_id
                where r.public_id = ? and h.at between r.started_at - interval '10 seconds'
                    and coalesce(r.ended_at, h.at) + interval '10 seconds'
                order by h.at limit 1000
                """)
                .param(video.id())
                .query((row, _) -> {
                    Instant at = row.getTimestamp(1).toInstant();
                    return new VideoChapter(at, VideoTime.media(video, at), row.getString(2));
                })
                .list();
    }

    @Override
    public List<String> tags(VideoView video) {
        return database.sql("select tags from recording where public_id = ?")
                .param(video.id())
                .query((row, _) -> {
                    Array tags = row.getArray(1);
                    return List.of((String[]) tags.getArray());
                })
                .optional()
                .orElse(List.of());
    }

    @Override
    public boolean withheld(VideoView video) {
        return database.sql("select withheld from recording where public_id = ?")
                .param(video.id())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    @Override
    public boolean uploaded(VideoView video) {
        return database.sql("select kind = 'UPLOAD' from recording where public_id = ?")
                .param(video.id())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    @Override
    public boolean sounds(VideoView video) {
        return database.sql("""
                select exists (select from recording_track t join recording r on r.id = t.recording_id
                where r.public_id = ? and t.track like 'a%')
                """).param(video.id()).query(Boolean.class).single();
    }

    /**
     * What there is to see of a video.
     *
     * @param own of the picture that was made of it; null where there is none
     * @param last of the last picture of its broadcast; null where there is none, or it may be of what was cut off
     */
    private record Picture(
            String video,
            UUID broadcast,
            @Nullable Long own,
            @Nullable Long last) {}

    @Override
    public Map<String, String> pictures(Collection<VideoView> videos) {
        if (videos.isEmpty()) {
            return Map.of();
        }
        Set<String> running =
                videos.stream().filter(VideoView::recording).map(VideoView::id).collect(Collectors.toSet());
        Map<String, String> found = new HashMap<>();
        // What was trimmed has another folder than one of its name.
        database.sql("""
                select r.public_id, r.engine_id, p.number as own, l.number as last from recording r
                left join recording_picture p on p.recording_id = r.id and %s
                left join live_last_picture l on l.engine_id = r.engine_id and right(r.folder, 12) = '/' || r.public_id
                where r.public_id = any(?)
                """.formatted(VideoPictures.SHOWN))
                .param(videos.stream().map(VideoView::id).toArray(String[]::new))
                .query((row, _) -> new Picture(
                        row.getString("public_id"),
                        row.getObject("engine_id", UUID.class),
                        row.getObject("own", Long.class),
                        row.getObject("last", Long.class)))
                .list()
                .forEach(picture -> address(picture, running.contains(picture.video))
                        .ifPresent(address -> found.put(picture.video, address)));
        return found;
    }

    private Optional<String> address(Picture picture, boolean running) {
        Optional<String> live = running ? broadcasting.getObject().thumbnail(picture.broadcast) : Optional.empty();
        return live.or(() ->
                        Optional.ofNullable(picture.own).map(number -> VideoPictures.ofVideo(picture.video, number)))
                .or(() -> Optional.ofNullable(picture.last)
                        .map(number -> "/thumbnails/" + picture.broadcast + "/" + number));
    }
}
