// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What actions took away, and how it is given back. All within a transaction that holds the room. */
@Repository
class UndoStore {
    private final JdbcClient database;
    private final GuestList list;

    UndoStore(JdbcClient database, GuestList list) {
        this.database = database;
        this.list = list;
    }

    /** Marks an action as undone; empty when it is too old, was undone, or is not this person's. Null: anybody's. */
    Optional<ChatAction> undo(long channelId, long actionId, @Nullable Long actorId, Instant notBefore, Instant now) {
        return database.sql("""
                update chat_action set undone_at = :now
                where id = :id and channel_id = :channel and (:actor < 0 or actor_id = :actor) and at >= :before
                  and undone_at is null
                returning id, actor, kind, target, target_guest, excerpt, reason, until, at, undone_at
                """)
                .param("now", Timestamp.from(now))
                .param("id", actionId)
                .param("channel", channelId)
                .param("actor", actorId == null ? -1L : actorId)
                .param("before", Timestamp.from(notBefore))
                .query((row, _) -> ModerationStore.action(row))
                .optional();
    }

    /** Takes a guest who is banned off the channel's list: they see nothing more of it either. */
    void takePlace(long channelId, long guestId) {
        list.remove(channelId, guestId);
    }

    /** Gives the guest whose ban an action ended their place on the list back. */
    void givePlaceBack(long channelId, long actionId) {
        freedGuest(channelId, actionId).ifPresent(guestId -> list.putBack(channelId, guestId));
    }

    /** The guest whom an action bans at this moment. */
    private Optional<Long> bannedGuest(long channelId, long actionId) {
        return database.sql("""
                select guest_id from chat_sanction
                where channel_id = ? and action_id = ? and kind = 'BAN' and lifted_at is null and guest_id is not null
                """)
                .param(channelId)
                .param(actionId)
                .query((row, _) -> row.getLong(1))
                .optional();
    }

    /** The guest whose ban an action ended. */
    private Optional<Long> freedGuest(long channelId, long actionId) {
        return database.sql("""
                select guest_id from chat_sanction
                where channel_id = ? and lifted_action = ? and kind = 'BAN' and guest_id is not null
                """)
                .param(channelId)
                .param(actionId)
                .query((row, _) -> row.getLong(1))
                .optional();
    }

    /** Ends what the action imposed, and puts back what that had replaced or ended, unless it is over or there is a newer one. */
    void giveBackSanctions(long channelId, long actionId, Instant now) {
        Optional<Long> banned = bannedGuest(channelId, actionId);
        Optional<Long> freed = freedGuest(channelId, actionId);
        putSanctionsBack(channelId, actionId, now);
        banned.ifPresent(guestId -> list.putBack(channelId, guestId));
        // Their ban is in force again, unless there is something newer.
        freed.filter(_ -> freedGuest(channelId, actionId).isEmpty())
                .ifPresent(guestId -> list.remove(channelId, guestId));
    }

    private void putSanctionsBack(long channelId, long actionId, Instant now) {
        // What it imposed was replaced meanwhile: what it had replaced is what that one has replaced now.
        database.sql("""
                update chat_sanction o set lifted_action = s.lifted_action from chat_sanction s
                where s.channel_id = :channel and s.action_id = :id and s.lifted_at is not null
                  and o.channel_id = s.channel_id and o.username = s.username and o.lifted_action = :id
                """).param("channel", channelId).param("id", actionId).update();
        database.sql("""
                update chat_sanction set lifted_at = coalesce(lifted_at, :now), lifted_action = null
                where channel_id = :channel and action_id = :id
                """)
                .param("now", Timestamp.from(now))
                .param("channel", channelId)
                .param("id", actionId)
                .update();
        database.sql("""
                update chat_sanction s set lifted_at = null, lifted_action = null
                where s.channel_id = :channel and s.lifted_action = :id and (s.until is null or s.until > :now)
                  and not exists (select from chat_sanction o where o.channel_id = s.channel_id
                                  and o.username = s.username and o.lifted_at is null)
                """)
                .param("channel", channelId)
                .param("id", actionId)
                .param("now", Timestamp.from(now))
                .update();
    }

    /**
     * Answers which messages are back. Those that a later action would have removed are that one's from now on; a clear removes the
     * latest messages alone, so it is asked for one that is older still.
     */
    List<Long> giveBackMessages(long channelId, long actionId) {
        return database.sql("""
                with owner as (
                    select m.seq, (
                        select min(a.id) from chat_action a
                        where a.channel_id = m.channel_id and a.id > :id and a.undone_at is null
                          and ((a.kind = 'CLEAR' and exists (
                                   select from chat_message c
                                   where c.channel_id = m.channel_id and c.removed_action = a.id and c.seq < m.seq))
                               or (a.kind in ('PURGE', 'BAN') and (a.target_id = m.account_id or a.target_guest_id = m.guest_id))
                               or (a.kind = 'SWEEP' and exists (
                                   select from chat_sanction s where s.action_id = a.id and s.account_id = m.account_id)))
                    ) as later
                    from chat_message m where m.channel_id = :channel and m.removed_action = :id
                ), changed as (
                    update chat_message m set removed_action = owner.later,
                        removed_at = case when owner.later is null then null else m.removed_at end
                    from owner where m.channel_id = :channel and m.seq = owner.seq
                    returning m.seq, m.removed_at
                )
                select seq from changed where removed_at is null
                """)
                .param("channel", channelId)
                .param("id", actionId)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** Drops what waits of somebody, and keeps it with the action. */
    void takeHeld(long channelId, Collection<? extends Talker> whose, long actionId) {
        database.sql("""
                with gone as (
                    delete from chat_held_message where channel_id = ? and (account_id = any(?) or guest_id = any(?)) returning *)
                update chat_action set held = (select jsonb_agg(to_jsonb(gone)) from gone) where id = ?
                """)
                .param(channelId)
                .param(ModeratedMessages.ids(whose, Talker::account))
                .param(ModeratedMessages.ids(whose, Talker::guest))
                .param(actionId)
                .update();
    }

    /** Answers whether anything waits again. */
    boolean giveBackHeld(long actionId) {
        return database.sql("""
                        insert into chat_held_message overriding system value
                        select h.* from chat_action a, jsonb_populate_recordset(null::chat_held_message, a.held) h
                        where a.id = ? and (exists (select from account where id = h.account_id)
                            or exists (select from audience_guest where id = h.guest_id and removed_at is null))
                        on conflict do nothing
                        """).param(actionId).update() > 0;
    }

    /** Nobody undoes what was done before this. */
    void forgetHeld(Instant before) {
        database.sql("update chat_action set held = null where held is not null and at < ?")
                .param(Timestamp.from(before))
                .update();
    }

    /** Pins another message, or none, and remembers with the action what there was. */
    void pin(long channelId, @Nullable Long seq, long actionId) {
        database.sql("""
                update chat_action a set pin_before = r.pinned_seq, pin_before_action = r.pin_action
                from chat_room r where a.id = ? and r.channel_id = ?
                """).param(actionId).param(channelId).update();
        database.sql("update chat_room set pinned_seq = :seq, pin_action = :action where channel_id = :channel")
                .param("seq", seq, Types.BIGINT)
                .param("action", actionId)
                .param("channel", channelId)
                .update();
    }

    /** Pins what was pinned before the action, unless another action pinned since; then what was before it is before that one. */
    void giveBackPin(long channelId, long actionId) {
        int last = database.sql("""
                update chat_room r set pin_action = a.pin_before_action, pinned_seq = (
                    select m.seq from chat_message m
                    where m.channel_id = r.channel_id and m.seq = a.pin_before and m.removed_at is null)
                from chat_action a where a.id = :id and r.channel_id = :channel and r.pin_action = :id
                """)
                .param("id", actionId)
                .param("channel", channelId)
                .update();
        if (last == 0) {
            database.sql("""
                    update chat_action n set pin_before = a.pin_before, pin_before_action = a.pin_before_action
                    from chat_action a where a.id = :id and n.channel_id = :channel and n.pin_before_action = :id
                    """).param("id", actionId).param("channel", channelId).update();
        }
    }

    /** Takes a moderator's rights, and keeps them with the action; answers whether they were one. */
    boolean takeRights(long channelId, long accountId, long actionId) {
        return database.sql("""
                        with gone as (
                            delete from chat_moderator where channel_id = ? and account_id = ? returning rights)
                        update chat_action set rights = gone.rights from gone where id = ?
                        """)
                        .param(channelId)
                        .param(accountId)
                        .param(actionId)
                        .update()
                > 0;
    }

    /** Answers whether somebody is a moderator again: not while another ban is in force, which keeps the rights then. */
    boolean giveBackRights(long channelId, long actionId) {
        database.sql("""
                update chat_action n set rights = a.rights from chat_action a, chat_sanction s
                where a.id = ? and a.rights is not null and s.channel_id = ? and s.account_id = a.target_id
                  and s.kind = 'BAN' and s.lifted_at is null and n.id = s.action_id and n.rights is null
                """).param(actionId).param(channelId).update();
        return database.sql("""
                        insert into chat_moderator (channel_id, account_id, rights)
                        select a.channel_id, a.target_id, a.rights from chat_action a
                        where a.id = ? and a.channel_id = ? and a.rights is not null and a.target_id is not null
                          and not exists (select from chat_sanction s where s.channel_id = a.channel_id
                              and s.account_id = a.target_id and s.kind = 'BAN' and s.lifted_at is null)
                        on conflict do nothing
                        """).param(actionId).param(channelId).update() > 0;
    }
}
