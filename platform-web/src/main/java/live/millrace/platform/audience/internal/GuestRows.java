// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.AudienceChanged;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.GuestRemoved;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of guests. Whoever adds to a list holds its {@link #lock} first, so that nobody is on it twice and limits are exact; whoever
 * holds an invite's row as well took that before. All but questions want a transaction.
 */
@Repository
class GuestRows {
    /** What the second number of the lock is an id of. */
    private static final int LIST_LOCK = 0x67756573;

    /** Fits every row: those without an account, and no browser's hash. */
    private static final long NOBODY = -1;

    private static final byte[] NO_BROWSER = {};

    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    GuestRows(JdbcClient database, ApplicationEventPublisher events, Clock clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    /** Until the transaction ends nobody else adds to a channel's list. */
    void lock(long channelId) {
        database.sql("select pg_advisory_xact_lock(?, ?)")
                .param(LIST_LOCK)
                .param(Long.hashCode(channelId))
                .query((_, _) -> true)
                .single();
    }

    /** Who somebody is on a channel's list, by their account before their browser. */
    Optional<Guest> find(long channelId, @Nullable Long account, byte @Nullable [] browser) {
        return database.sql("""
                select g.id, g.channel_id, coalesce(a.username, g.name) from audience_guest g
                left join account a on a.id = g.account_id
                where g.channel_id = ? and g.removed_at is null and (g.account_id = ? or g.browser_hash = ?)
                order by g.account_id nulls last limit 1
                """)
                .param(channelId)
                .param(account == null ? NOBODY : account)
                .param(browser == null ? NO_BROWSER : browser)
                .query((row, _) -> new Guest(row.getLong(1), row.getLong(2), row.getString(3)))
                .optional();
    }

    /** How many places of a list are taken. */
    int count(long channelId) {
        return database.sql("select count(*) from audience_guest where channel_id = ? and removed_at is null")
                .param(channelId)
                .query(Integer.class)
                .single();
    }

    /** Whether the channel's owner removed somebody after a moment. */
    boolean barred(long channelId, @Nullable Long account, byte @Nullable [] browser, Timestamp since) {
        return database.sql("""
                select exists (select from audience_guest
                where channel_id = ? and barred and removed_at > ? and (account_id = ? or browser_hash = ?))
                """)
                .param(channelId)
                .param(since)
                .param(account == null ? NOBODY : account)
                .param(browser == null ? NO_BROWSER : browser)
                .query(Boolean.class)
                .single();
    }

    /** Puts somebody onto a list who comes by a link. */
    void add(long channelId, long invite, @Nullable Long account, byte @Nullable [] browser, String name) {
        Timestamp now = now();
        database.sql("""
                insert into audience_guest (channel_id, invite_id, account_id, browser_hash, name, made_at, seen_at)
                values (:channel, :invite, :account, :browser, :name, :now, :now)
                """)
                .param("channel", channelId)
                .param("invite", invite)
                .param("account", account, java.sql.Types.BIGINT)
                .param("browser", browser, java.sql.Types.BINARY)
                .param("name", name)
                .param("now", now)
                .update();
    }

    /** Lets somebody take the place of whom a link was mailed to; answers false when that is taken, or no more there. */
    boolean take(long invite, @Nullable Long account, byte @Nullable [] browser, String name) {
        Timestamp now = now();
        return database.sql("""
                update audience_guest set account_id = :account, browser_hash = :browser, name = :name, made_at = :now, seen_at = :now
                where invite_id = :invite and removed_at is null and account_id is null and browser_hash is null
                """)
                        .param("account", account, java.sql.Types.BIGINT)
                        .param("browser", browser, java.sql.Types.BINARY)
                        .param("name", name)
                        .param("now", now)
                        .param("invite", invite)
                        .update()
                > 0;
    }

    /** Gives a browser another secret wherever it is a guest, or was: one that somebody planted in it is worth nothing from now on. */
    void rename(byte[] browser, byte[] replacement) {
        database.sql("update audience_guest set browser_hash = ? where browser_hash = ?")
                .param(replacement)
                .param(browser)
                .update();
    }

    /** Takes those off their lists who came by some links. */
    void removeThoseBy(Collection<Long> invites) {
        List<GuestRemoved> removed = database.sql("""
                update audience_guest set removed_at = ? where invite_id = any(?) and removed_at is null returning channel_id, id
                """)
                .param(now())
                .param(invites.toArray(Long[]::new))
                .query((row, _) -> new GuestRemoved(row.getLong(1), row.getLong(2)))
                .list();
        removed.forEach(events::publishEvent);
    }

    /** Takes one off a list whose owner says so; answers whether they were on it. */
    boolean remove(long channelId, long guestId) {
        boolean removed =
                database.sql("""
                update audience_guest set removed_at = ?, barred = true where id = ? and channel_id = ? and removed_at is null
                """).param(now()).param(guestId).param(channelId).update() > 0;
        if (removed) {
            events.publishEvent(new GuestRemoved(channelId, guestId));
        }
        return removed;
    }

    /** Takes back that one was removed. Whoever holds the list's {@link #lock} finds no place taken that is free a moment later. */
    boolean putBack(long channelId, long guestId) {
        boolean back = database.sql("""
                update audience_guest g set removed_at = null, barred = false
                where g.id = ? and g.channel_id = ? and g.removed_at is not null and g.browser_hash is not null
                    and not exists (select from audience_guest o where o.channel_id = g.channel_id
                        and o.browser_hash = g.browser_hash and o.removed_at is null)
                    and not exists (select from audience_invite i where i.id = g.invite_id and i.revoked_at is not null and not i.mailed)
                """).param(guestId).param(channelId).update() > 0;
        if (back) {
            // Their page does not know that it is theirs: any of them may be.
            events.publishEvent(new AudienceChanged(channelId));
        }
        return back;
    }
}
