// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoChanged;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes videos, each in a transaction that tells of it. */
@Service
class JdbcVideoDesk implements VideoDesk {
    private final JdbcClient database;
    private final Videos videos;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcVideoDesk(JdbcClient database, Videos videos, ApplicationEventPublisher events, Clock clock) {
        this.database = database;
        this.videos = videos;
        this.events = events;
        this.clock = clock;
    }

    private record Held(long id, long channelId, String state, boolean withheld) {}

    /** Holds its row until the end of the transaction. */
    private Optional<Held> hold(String id, boolean deleted) {
        return database.sql("""
                select id, channel_id, state, withheld from recording
                where public_id = ? and channel_id is not null and (deleted_at is not null) = ? and not removing for update
                """)
                .param(id)
                .param(deleted)
                .query((row, _) -> new Held(row.getLong(1), row.getLong(2), row.getString(3), row.getBoolean(4)))
                .optional();
    }

    private void tell(String id, Held held, VideoChanged.What what) {
        events.publishEvent(new VideoChanged(id, held.channelId, what));
    }

    /** One line, as a title is. */
    static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
    }

    private static Optional<String> against(Edit edit) {
        String title = edit.title();
        String description = edit.description();
        if (title != null && (oneLine(title).length() > MAX_TITLE || !WellFormed.text(title))) {
            return Optional.of("video.said.title");
        }
        if (description != null && (description.length() > MAX_DESCRIPTION || !WellFormed.text(description))) {
            return Optional.of("video.said.description");
        }
        return Optional.empty();
    }

    @Override
    @Transactional
    public Optional<String> edit(String id, Edit edit, boolean staff) {
        Optional<String> against = against(edit);
        if (against.isPresent()) {
            return against;
        }
        Optional<Held> held = hold(id, false);
        if (held.isEmpty()) {
            return Optional.of("video.said.gone");
        }
        Visibility visibility = edit.visibility();
        if (held.get().withheld && visibility != null && visibility != Visibility.PRIVATE && !staff) {
            return Optional.of("video.said.withheld");
        }
        String title = edit.title();
        @Nullable Boolean withheld = (staff && visibility != null) ? visibility != Visibility.PUBLIC : null;
        database.sql("""
                update recording set title = coalesce(:title, title), description = coalesce(:description, description),
                    visibility = coalesce(:visibility, visibility), pinned = coalesce(:pinned, pinned),
                    warned_at = case when coalesce(:pinned, pinned) = pinned then warned_at end,
                    withheld = coalesce(:withheld, withheld)
                where id = :id
                """)
                .param("title", title == null ? null : oneLine(title), Types.VARCHAR)
                .param("description", edit.description(), Types.VARCHAR)
                .param("visibility", visibility == null ? null : visibility.name(), Types.VARCHAR)
                .param("pinned", edit.pinned(), Types.BOOLEAN)
                .param("withheld", withheld, Types.BOOLEAN)
                .param("id", held.get().id)
                .update();
        tell(id, held.get(), VideoChanged.What.EDITED);
        return Optional.empty();
    }

    @Override
    @Transactional
    public Optional<String> delete(String id, long by, boolean staff) {
        Optional<Held> held = hold(id, false);
        if (held.isEmpty()) {
            return Optional.of("video.said.gone");
        }
        if (held.get().state.equals("RECORDING")) {
            return Optional.of("video.said.running");
        }
        database.sql("""
                update recording set deleted_at = :now, deleted_by = :by, withheld = withheld or :staff where id = :id
                """)
                .param("now", Timestamp.from(clock.instant()))
                .param("by", by)
                .param("staff", staff)
                .param("id", held.get().id)
                .update();
        tell(id, held.get(), VideoChanged.What.DELETED);
        return Optional.empty();
    }

    @Override
    @Transactional
    public boolean restore(String id, boolean staff) {
        Optional<Held> held = hold(id, true).filter(found -> staff || !found.withheld);
        held.ifPresent(found -> {
            database.sql(
                            "update recording set deleted_at = null, deleted_by = null, withheld = withheld and not :staff where id = :id")
                    .param("staff", staff)
                    .param("id", found.id)
                    .update();
            tell(id, found, VideoChanged.What.EDITED);
        });
        return held.isPresent();
    }

    // ---- chapters -----------------------------------------------------------------------------------------------

    @Override
    @Transactional
    public Optional<String> mark(long channelId, String title) {
        Optional<String> running =
                database.sql("""
                select public_id from recording where channel_id = ? and state = 'RECORDING' and deleted_at is null
                order by id desc limit 1
                """).param(channelId).query(String.class).optional();
        return running.filter(id -> hold(id, false)
                .filter(held -> put(id, held, clock.instant(), title))
                .isPresent());
    }

    @Override
    @Transactional
    public Optional<String> chapter(String id, long atMillis, String title) {
        String named = oneLine(title);
        if (named.isEmpty() || named.length() > MAX_CHAPTER_TITLE) {
            return Optional.of("video.said.chapter");
        }
        Optional<Held> held = hold(id, false);
        Optional<VideoView> video = videos.find(id);
        if (held.isEmpty() || video.isEmpty()) {
            return Optional.of("video.said.gone");
        }
        if (atMillis < 0 || atMillis > video.get().durationMillis()) {
            return Optional.of("video.said.time");
        }
        return put(id, held.get(), VideoTime.wall(video.get(), atMillis), named)
                ? Optional.empty()
                : Optional.of("video.said.chapters");
    }

    /** Two at one moment are one. */
    private boolean put(String id, Held held, Instant at, String title) {
        String named = oneLine(title);
        boolean room = database.sql("select count(*) from recording_chapter where recording_id = ?")
                        .param(held.id)
                        .query(Long.class)
                        .single()
                < MAX_CHAPTERS;
        if (!room || named.isEmpty()) {
            return false;
        }
        database.sql("""
                insert into recording_chapter (recording_id, at, title) values (?, ?, ?)
                on conflict (recording_id, at) do update set title = excluded.title
                """)
                .param(held.id)
                .param(Timestamp.from(at))
                .param(WellFormed.cut(named, MAX_CHAPTER_TITLE))
                .update();
        tell(id, held, VideoChanged.What.EDITED);
        return true;
    }

    @Override
    @Transactional
    public boolean renameChapter(String id, Instant at, String title) {
        String named = oneLine(title);
        Optional<Held> held = hold(id, false);
        return held.isPresent()
                && !named.isEmpty()
                && database.sql("update recording_chapter set title = ? where recording_id = ? and at = ?")
                                .param(WellFormed.cut(named, MAX_CHAPTER_TITLE))
                                .param(held.get().id)
                                .param(Timestamp.from(at))
                                .update()
                        > 0;
    }

    @Override
    @Transactional
    public boolean removeChapter(String id, Instant at) {
        Optional<Held> held = hold(id, false);
        return held.isPresent()
                && database.sql("delete from recording_chapter where recording_id = ? and at = ?")
                                .param(held.get().id)
                                .param(Timestamp.from(at))
                                .update()
                        > 0;
    }
}
