// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What moderators did: the table of actions. */
@Repository
public class ModerationStore {
    /**
     * Somebody that an action hits.
     *
     * @param whom null while nobody has the name
     * @param username of a guest, what stands in its place
     */
    record Target(@Nullable Talker whom, String username) {
        static final Target NOBODY = new Target(null, "");

        static Target of(Talker.Invited guest) {
            return new Target(guest, guest.handle());
        }

        /** Whoever said something; nobody when they are gone. */
        static Target by(StoredMessage message) {
            return message.by()
                    .map(talker ->
                            talker instanceof Talker.Invited guest ? of(guest) : new Target(talker, message.author()))
                    .orElse(NOBODY);
        }

        boolean guest() {
            return whom instanceof Talker.Invited;
        }

        /** What they are called. */
        String name() {
            return whom instanceof Talker.Invited invited ? invited.name() : username;
        }
    }

    private final JdbcClient database;

    ModerationStore(JdbcClient database) {
        this.database = database;
    }

    long addAction(
            long channelId,
            Actor actor,
            String kind,
            Target target,
            String excerpt,
            String reason,
            @Nullable Instant until,
            Instant now) {
        return database.sql("""
                insert into chat_action (channel_id, actor_id, actor, kind, target_id, target_guest_id, target_guest, target,
                    excerpt, reason, until, at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(actor.accountId())
                .param(actor.name())
                .param(kind)
                .param(target.whom() == null ? null : target.whom().account())
                .param(target.whom() == null ? null : target.whom().guest())
                .param(target.guest())
                .param(target.name())
                .param(excerpt)
                .param(reason)
                .param(until == null ? null : Timestamp.from(until))
                .param(Timestamp.from(now))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** Whether an action is written down: it is not when its transaction failed. */
    boolean recorded(long actionId) {
        return database.sql("select exists (select from chat_action where id = ?)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    /** Whether an action stands that nobody took back. */
    boolean inForce(long actionId) {
        return database.sql("select exists (select from chat_action where id = ? and undone_at is null)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    /** @param target null for whomever they hit */
    public List<ChatAction> actions(long channelId, @Nullable Talker target, long before, int most) {
        return database.sql("""
                select id, actor, kind, target, target_guest, excerpt, reason, until, at, undone_at from chat_action
                where channel_id = :channel and id < :before and (:all or target_id = :account or target_guest_id = :guest)
                order by id desc limit :most
                """)
                .param("channel", channelId)
                .param("before", before)
                .param("all", target == null)
                .param("account", target == null ? null : target.account(), Types.BIGINT)
                .param("guest", target == null ? null : target.guest(), Types.BIGINT)
                .param("most", most)
                .query((row, _) -> action(row))
                .list();
    }

    static ChatAction action(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new ChatAction(
                row.getLong("id"),
                row.getString("actor"),
                row.getString("kind"),
                row.getString("target"),
                row.getBoolean("target_guest"),
                row.getString("excerpt"),
                row.getString("reason"),
                until == null ? null : until.toInstant(),
                row.getTimestamp("at").toInstant(),
                row.getTimestamp("undone_at") != null);
    }
}
