// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.audience.InviteView;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.shared.Secrets;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcInvites implements Invites {
    /** A hundred that can be used, and ended ones by which guests came: of more nobody reads the rest. */
    private static final int MOST_SHOWN = 500;

    private final JdbcClient database;
    private final GuestRows guests;
    private final Clock clock;

    JdbcInvites(JdbcClient database, GuestRows guests, Clock clock) {
        this.database = database;
        this.guests = guests;
        this.clock = clock;
    }

    @Override
    @Transactional
    public Made make(long channelId, Wish wish) {
        Instant now = clock.instant();
        String label = wish.label().strip();
        if (label.isEmpty() || label.codePointCount(0, label.length()) > MAX_LABEL) {
            return new Made.Refused("studio.invite.label.length");
        }
        if (wish.uses() < 1 || wish.uses() > MAX_USES) {
            return new Made.Refused("studio.invite.uses.range");
        }
        if (!wish.expiresAt().isAfter(now) || wish.expiresAt().isAfter(now.plus(MAX_LIFE))) {
            return new Made.Refused("studio.invite.expires.range");
        }
        guests.lock(channelId);
        if (usable(channelId, now) >= MAX_PER_CHANNEL) {
            return new Made.Refused("studio.invite.too-many");
        }
        String secret = Secrets.make();
        long id = database.sql("""
                insert into audience_invite (channel_id, label, secret_hash, uses, asks_name, without_account, made_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(label)
                .param(Secrets.hash(secret))
                .param(wish.uses())
                .param(wish.asksName())
                .param(wish.withoutAccount())
                .param(Timestamp.from(now))
                .param(Timestamp.from(wish.expiresAt()))
                .query(Long.class)
                .single();
        return new Made.Done(id, secret);
    }

    private int usable(long channelId, Instant now) {
        return database.sql("""
                select count(*) from audience_invite
                where channel_id = ? and not mailed and revoked_at is null and used < uses and expires_at > ?
                """)
                .param(channelId)
                .param(Timestamp.from(now))
                .query(Integer.class)
                .single();
    }

    @Override
    public List<InviteView> of(long channelId) {
        return database.sql("""
                select id, label, uses, used, made_at, expires_at, asks_name, without_account, used >= uses or expires_at <= ?
                from audience_invite where channel_id = ? and not mailed and revoked_at is null order by id desc limit ?
                """)
                .param(Timestamp.from(clock.instant()))
                .param(channelId)
                .param(MOST_SHOWN)
                .query((row, _) -> new InviteView(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getTimestamp(5).toInstant(),
                        row.getTimestamp(6).toInstant(),
                        row.getBoolean(7),
                        row.getBoolean(8),
                        row.getBoolean(9)))
                .list();
    }

    /** Whoever is coming in by it holds its row: they are removed after they came, or find it revoked. */
    @Override
    @Transactional
    public boolean revoke(long channelId, long inviteId) {
        boolean revoked = database.sql("""
                update audience_invite set revoked_at = ? where id = ? and channel_id = ? and not mailed and revoked_at is null
                """)
                        .param(Timestamp.from(clock.instant()))
                        .param(inviteId)
                        .param(channelId)
                        .update()
                > 0;
        if (revoked) {
            guests.removeThoseBy(List.of(inviteId));
        }
        return revoked;
    }

    @Override
    @Transactional
    public int revokeAll(long channelId) {
        List<Long> revoked = database.sql("""
                update audience_invite set revoked_at = ? where channel_id = ? and not mailed and revoked_at is null returning id
                """)
                .param(Timestamp.from(clock.instant()))
                .param(channelId)
                .query((row, _) -> row.getLong(1))
                .list();
        guests.removeThoseBy(revoked);
        return revoked.size();
    }
}
