// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.clips;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.ClipGuests;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoChanged;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes and changes clips, each in a transaction. */
@Service
class JdbcClipDesk implements ClipDesk {
    private final JdbcClient database;
    private final Videos videos;
    private final RecordingRules rules;
    private final ClipGuests guests;
    private final Accounts accounts;
    private final ClipLimit limit;
    private final ObjectProvider<Engine> engine;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcClipDesk(
            JdbcClient database,
            Videos videos,
            RecordingRules rules,
            ClipGuests guests,
            Accounts accounts,
            ClipLimit limit,
            ObjectProvider<Engine> engine,
            ApplicationEventPublisher events,
            Clock clock) {
        this.database = database;
        this.videos = videos;
        this.rules = rules;
        this.guests = guests;
        this.accounts = accounts;
        this.limit = limit;
        this.engine = engine;
        this.events = events;
        this.clock = clock;
    }

    // ---- of what ----------------------------------------------------------------------------------------------

    @Override
    public Optional<Source> live(ChannelView channel) {
        return engine.getObject()
                .runningRecording(channel.name())
                .flatMap(running -> videos.find(running.id())
                        .map(video -> new Source(video, channel, running.durationMillis(), true)));
    }

    @Override
    public Source of(VideoView video, ChannelView channel) {
        return new Source(video, channel, video.durationMillis(), false);
    }

    @Override
    public Optional<String> against(ChannelView channel, AccountPrincipal person) {
        if (!rules.of(channel.id()).clips()) {
            return Optional.of("clip.said.off");
        }
        if (accounts.find(person.accountId()).filter(AccountView::suspended).isPresent()) {
            return Optional.of("clip.said.suspended");
        }
        return guests.banned(channel, person) ? Optional.of("clip.said.banned") : Optional.empty();
    }

    private static Optional<String> against(Source source, long fromMillis, long toMillis) {
        if (fromMillis < 0 || fromMillis >= toMillis || toMillis > source.durationMillis()) {
            return Optional.of("clip.said.range");
        }
        long length = toMillis - fromMillis;
        if (length < source.leastMillis() || length > source.mostMillis()) {
            return Optional.of(source.live() ? "clip.said.length.live" : "clip.said.length");
        }
        return Optional.empty();
    }

    // ---- clips ------------------------------------------------------------------------------------------------

    @Override
    @Transactional
    public Answer make(Source source, AccountPrincipal person, long fromMillis, long toMillis, @Nullable String title) {
        String named = named(title, source);
        Optional<String> against = against(source.channel(), person)
                .or(() -> against(source, fromMillis, toMillis))
                .or(() -> againstTitle(named));
        if (against.isPresent()) {
            return new Answer.Refused(against.get());
        }
        if (!limit.tryMake(person.accountId())) {
            return new Answer.Refused("clip.said.many");
        }
        String id = RecordingId.fresh();
        // What goes at this moment is no longer there; what is there stays until the clip is.
        boolean made = database.sql("""
                        insert into recording_clip (public_id, recording_id, account_id, from_ms, to_ms, title, made_at, visibility)
                        select :id, r.id, :account, :from, :to, :title, :now, r.visibility
                        from (select id, visibility from recording where public_id = :video and deleted_at is null and not removing
                            and kind <> 'CLIP' for share) r
                        """)
                        .param("id", id)
                        .param("account", person.accountId())
                        .param("from", fromMillis)
                        .param("to", toMillis)
                        .param("title", named)
                        .param("now", Timestamp.from(clock.instant()))
                        .param("video", source.video().id())
                        .update()
                > 0;
        return made ? new Answer.Made(id) : new Answer.Refused("video.said.gone");
    }

    private static String named(@Nullable String title, Source source) {
        String said = oneLine(title == null ? "" : title);
        if (!said.isEmpty()) {
            return said;
        }
        String video = source.video().title();
        return video.isBlank() ? source.channel().displayName() : video;
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
    }

    private static Optional<String> againstTitle(String title) {
        return title.isEmpty() || title.length() > MAX_TITLE || !WellFormed.text(title)
                ? Optional.of("clip.said.title")
                : Optional.empty();
    }

    @Override
    @Transactional
    public Optional<String> rename(String id, String title) {
        String named = oneLine(title);
        Optional<String> against = againstTitle(named);
        if (against.isPresent()) {
            return against;
        }
        boolean done = database.sql("update recording_clip set title = ? where public_id = ? and deleted_at is null")
                        .param(named)
                        .param(id)
                        .update()
                > 0;
        return done ? Optional.empty() : Optional.of("clip.said.gone");
    }

    private record Held(Visibility visibility, Visibility limit) {}

    /** Holds what it was made of, then the clip: as retention does. */
    @Override
    @Transactional
    public Optional<String> show(String id, Visibility visibility, boolean widens) {
        database.sql("""
                select id from recording where id = (
                    select coalesce(own_recording, recording_id) from recording_clip where public_id = ?) for update
                """).param(id).query(Long.class).list();
        Optional<Held> held = database.sql("""
                select k.visibility,
                    case when k.own_recording is null or v.visibility = 'PRIVATE' then v.visibility else 'PUBLIC' end
                from recording_clip k left join recording v on v.id = k.recording_id and v.deleted_at is null
                where k.public_id = ? and k.deleted_at is null and (k.own_recording is not null or v.id is not null) for update of k
                """)
                .param(id)
                .query((row, _) -> new Held(Visibility.valueOf(row.getString(1)), Visibility.valueOf(row.getString(2))))
                .optional();
        if (held.isEmpty()) {
            return Optional.of("clip.said.gone");
        }
        if (!widens && !visibility.within(held.get().visibility)) {
            return Optional.of("clip.said.narrower");
        }
        if (!visibility.within(held.get().limit)) {
            return Optional.of("clip.said.wider");
        }
        database.sql("update recording_clip set visibility = ? where public_id = ?")
                .param(visibility.name())
                .param(id)
                .update();
        database.sql("""
                update recording set visibility = ? where id = (select own_recording from recording_clip where public_id = ?)
                returning public_id, channel_id
                """)
                .param(visibility.name())
                .param(id)
                .query((row, _) ->
                        new VideoChanged(row.getString(1), row.getObject(2, Long.class), VideoChanged.What.EDITED))
                .list()
                .forEach(events::publishEvent);
        return Optional.empty();
    }

    /** Its own bytes go with the next round of retention. */
    @Override
    @Transactional
    public boolean delete(String id, long by) {
        Timestamp now = Timestamp.from(clock.instant());
        boolean done = database.sql("""
                        update recording_clip set deleted_at = ?, deleted_by = ? where public_id = ? and deleted_at is null
                        """).param(now).param(by).param(id).update() > 0;
        if (done) {
            database.sql("""
                    update recording set removing = true, deleted_at = coalesce(deleted_at, ?)
                    where id = (select own_recording from recording_clip where public_id = ?)
                    returning public_id, channel_id
                    """)
                    .param(now)
                    .param(id)
                    .query((row, _) ->
                            new VideoChanged(row.getString(1), row.getObject(2, Long.class), VideoChanged.What.DELETED))
                    .list()
                    .forEach(events::publishEvent);
        }
        return done;
    }
}
