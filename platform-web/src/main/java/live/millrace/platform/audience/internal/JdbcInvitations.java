// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.Invitations;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.DisplayNames;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcInvitations implements Invitations {
    private static final int FIRST_NUMBER = 1_000;
    private static final int LAST_NUMBER = 10_000;

    private static final String FIND = """
            select id, channel_id, uses - used, asks_name, without_account, mailed, made_at, expires_at
            from audience_invite where secret_hash = ? and revoked_at is null
            """;

    private record Invite(
            long id,
            long channelId,
            int left,
            boolean asksName,
            boolean withoutAccount,
            boolean mailed,
            Instant madeAt,
            Instant expiresAt) {
        boolean usable(Instant now) {
            return left > 0 && expiresAt.isAfter(now);
        }
    }

    /** A link that is one, whose channel it is, and who opens it. */
    private record Opened(Invite invite, ChannelView channel, Visitor visitor) {
        @Nullable
        Long account() {
            AccountPrincipal person = visitor.person();
            return person == null ? null : person.accountId();
        }

        byte @Nullable [] browser() {
            return KeptSecret.credible(visitor.cookie()) ? Secrets.hash(visitor.cookie()) : null;
        }
    }

    private final JdbcClient database;
    private final GuestRows guests;
    private final Channels channels;
    private final Clock clock;

    JdbcInvitations(JdbcClient database, GuestRows guests, Channels channels, Clock clock) {
        this.database = database;
        this.guests = guests;
        this.channels = channels;
        this.clock = clock;
    }

    private Optional<Opened> open(String secret, Visitor visitor, String statement) {
        if (!KeptSecret.credible(secret)) {
            return Optional.empty();
        }
        Optional<Invite> invite = database.sql(statement)
                .param(Secrets.hash(secret))
                .query((row, _) -> new Invite(
                        row.getLong(1),
                        row.getLong(2),
                        row.getInt(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getTimestamp(7).toInstant(),
                        row.getTimestamp(8).toInstant()))
                .optional();
        return invite.flatMap(
                found -> channels.find(found.channelId()).map(channel -> new Opened(found, channel, visitor)));
    }

    private boolean inside(Opened opened) {
        Long account = opened.account();
        return (account != null && account == opened.channel().accountId())
                || guests.find(opened.channel().id(), account, opened.browser()).isPresent();
    }

    private boolean admits(Opened opened) {
        Invite invite = opened.invite();
        return invite.usable(clock.instant())
                && !guests.barred(
                        invite.channelId(), opened.account(), opened.browser(), Timestamp.from(invite.madeAt()));
    }

    @Override
    public Look look(String secret, Visitor visitor) {
        Optional<Opened> opened = open(secret, visitor, FIND);
        if (opened.isEmpty()) {
            return new Look.Dead();
        }
        Opened found = opened.get();
        if (inside(found)) {
            return new Look.Inside(found.channel());
        }
        if (!admits(found)) {
            return new Look.Dead();
        }
        boolean stranger = found.account() == null;
        return new Look.Open(
                found.channel(),
                stranger && found.invite().asksName(),
                stranger && !found.invite().withoutAccount());
    }

    /** The link's row first, then the list: so whoever revokes it waits, and then finds who came. */
    @Override
    @Transactional
    public Use use(String secret, Visitor visitor, String typed) {
        Optional<Opened> opened = open(secret, visitor, FIND + " for update");
        if (opened.isEmpty()) {
            return new Use.Dead();
        }
        Opened found = opened.get();
        Invite invite = found.invite();
        guests.lock(invite.channelId());
        if (inside(found)) {
            return new Use.Welcome(found.channel(), null);
        }
        if (!admits(found)) {
            return new Use.Dead();
        }
        AccountPrincipal person = visitor.person();
        if (person == null && !invite.withoutAccount()) {
            return new Use.Refused("invite.account");
        }
        String name = person == null && invite.asksName() ? DisplayNames.normalize(typed) : someName();
        if (name.isEmpty() || DisplayNames.length(name) > MAX_NAME) {
            return new Use.Refused("invite.name.length");
        }
        // Who was written to has their place already.
        if (!invite.mailed() && guests.count(invite.channelId()) >= GuestList.MAX_GUESTS) {
            return new Use.Refused("invite.full");
        }
        return person == null ? browser(found, name) : person(found, person);
    }

    /** For whom nobody asked what they are called. */
    private static String someName() {
        return "guest-" + ThreadLocalRandom.current().nextInt(FIRST_NUMBER, LAST_NUMBER);
    }

    private Use person(Opened opened, AccountPrincipal person) {
        return enter(opened.invite(), person.accountId(), null, person.getUsername())
                ? new Use.Welcome(opened.channel(), null)
                : new Use.Dead();
    }

    private Use browser(Opened opened, String name) {
        String cookie = Secrets.make();
        byte[] hash = Secrets.hash(cookie);
        if (!enter(opened.invite(), null, hash, name)) {
            return new Use.Dead();
        }
        byte[] before = opened.browser();
        if (before != null) {
            guests.rename(before, hash);
        }
        return new Use.Welcome(opened.channel(), cookie);
    }

    private boolean enter(Invite invite, @Nullable Long account, byte @Nullable [] browser, String name) {
        if (invite.mailed()) {
            if (!guests.take(invite.id(), account, browser, name)) {
                return false;
            }
        } else {
            guests.add(invite.channelId(), invite.id(), account, browser, name);
        }
        database.sql("update audience_invite set used = used + 1 where id = ?")
                .param(invite.id())
                .update();
        return true;
    }
}
