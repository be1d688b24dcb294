// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.GuestNamed;
import live.millrace.platform.audience.GuestView;
import live.millrace.platform.audience.WatchingNow;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.delivery.Deliveries;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcGuestList implements GuestList {
    /** Within it one is not told twice that the same channel invites them. */
    private static final Duration A_DAY = Duration.ofDays(1);

    private final JdbcClient database;
    private final GuestRows rows;
    private final SeenGuests seen;
    private final Accounts accounts;
    private final Channels channels;
    private final ApplicationEventPublisher events;
    private final SiteMail mail;
    private final Deliveries deliveries;
    private final ObjectProvider<WatchingNow> watching;
    private final Clock clock;

    JdbcGuestList(
            JdbcClient database,
            GuestRows rows,
            SeenGuests seen,
            Accounts accounts,
            Channels channels,
            ApplicationEventPublisher events,
            SiteMail mail,
            Deliveries deliveries,
            ObjectProvider<WatchingNow> watching,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.seen = seen;
        this.accounts = accounts;
        this.channels = channels;
        this.events = events;
        this.mail = mail;
        this.deliveries = deliveries;
        this.watching = watching;
        this.clock = clock;
    }

    @Override
    public List<GuestView> of(long channelId) {
        return views(channelId, 0);
    }

    @Override
    public Optional<GuestView> find(long channelId, long guestId) {
        return views(channelId, guestId).stream().findFirst();
    }

    /** @param only the id of one; 0 for all */
    private List<GuestView> views(long channelId, long only) {
        WatchingNow known = watching.getIfAvailable();
        Set<Long> now = known == null ? Set.of() : known.guests(channelId);
        return database.sql("""
                select g.id, a.username, g.name, g.mail, g.browser_hash is not null as browser, i.id as invite, i.label,
                       g.made_at, g.seen_at
                from audience_guest g left join account a on a.id = g.account_id
                left join audience_invite i on i.id = g.invite_id and not i.mailed
                where g.channel_id = :channel and g.removed_at is null and (:only = 0 or g.id = :only)
                order by g.made_at desc, g.id desc limit :most
                """)
                .param("channel", channelId)
                .param("only", only)
                .param("most", MAX_GUESTS)
                .query((row, _) -> {
                    long id = row.getLong("id");
                    String username = row.getString("username");
                    String address = row.getString("mail");
                    boolean pending = username == null && !row.getBoolean("browser");
                    Timestamp noted = row.getTimestamp("seen_at");
                    return new GuestView(
                            id,
                            username != null ? username : pending && address != null ? address : row.getString("name"),
                            username != null,
                            address,
                            pending,
                            row.getObject("invite", Long.class),
                            row.getString("label"),
                            row.getTimestamp("made_at").toInstant(),
                            seen.at(id).orElse(noted == null ? null : noted.toInstant()),
                            now.contains(id));
                })
                .list();
    }

    @Override
    @Transactional
    public Added addPerson(long channelId, String username) {
        ChannelView channel = channels.find(channelId).orElseThrow();
        Optional<AccountView> person = accounts.findByUsername(username);
        if (person.isEmpty()) {
            return new Added.Refused("studio.guest.unknown");
        }
        long account = person.get().id();
        if (account == channel.accountId()) {
            return new Added.Refused("studio.guest.own");
        }
        rows.lock(channelId);
        if (rows.find(channelId, account, null).isPresent()) {
            return new Added.Refused("studio.guest.already");
        }
        if (rows.count(channelId) >= MAX_GUESTS) {
            return new Added.Refused("studio.guest.full");
        }
        Instant now = clock.instant();
        Timestamp yesterday = Timestamp.from(now.minus(A_DAY));
        if (named(channel.accountId(), yesterday) >= MAX_NAMED_A_DAY) {
            return new Added.Refused("studio.guest.too-many");
        }
        boolean told = database.sql("""
                select exists (select from audience_guest where channel_id = ? and account_id = ? and invite_id is null and made_at > ?)
                """)
                .param(channelId)
                .param(account)
                .param(yesterday)
                .query(Boolean.class)
                .single();
        long id = database.sql("""
                insert into audience_guest (channel_id, account_id, name, made_at) values (?, ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(account)
                .param(person.get().username())
                .param(Timestamp.from(now))
                .query(Long.class)
                .single();
        if (!told) {
            events.publishEvent(new GuestNamed(channelId, account));
        }
        return new Added.Done(views(channelId, id).getFirst());
    }

    private int named(long owner, Timestamp since) {
        return database.sql("""
                select count(*) from audience_guest g join channel c on c.id = g.channel_id
                where c.account_id = ? and g.account_id is not null and g.invite_id is null and g.mailed_at is null and g.made_at > ?
                """).param(owner).param(since).query(Integer.class).single();
    }

    @Override
    @Transactional
    public Added addMail(long channelId, String address, Locale language) {
        String stripped = address.strip();
        if (!Vouched.mail(stripped)) {
            return new Added.Refused("studio.guest.malformed");
        }
        if (!mail.available()) {
            return new Added.Refused("studio.guest.no-mail");
        }
        ChannelView channel = channels.find(channelId).orElseThrow();
        rows.lock(channelId);
        if (listed(channelId, stripped)) {
            return new Added.Refused("studio.guest.already");
        }
        if (rows.count(channelId) >= MAX_GUESTS) {
            return new Added.Refused("studio.guest.full");
        }
        Instant now = clock.instant();
        Timestamp yesterday = Timestamp.from(now.minus(A_DAY));
        if (mailed(channel.accountId(), yesterday) >= MAX_MAILS_A_DAY
                || mailedTo(stripped, yesterday) >= MAX_MAILS_TO_ONE) {
            return new Added.Refused("studio.guest.too-many");
        }
        long id = database.sql("""
                insert into audience_guest (channel_id, name, mail, mailed_at, made_at) values (?, '', ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(stripped)
                .param(Timestamp.from(now))
                .param(Timestamp.from(now))
                .query(Long.class)
                .single();
        deliveries.enqueue(
                InvitationMail.KIND, channel.name(), new InvitationMail.Mail(id, language.toLanguageTag()), null);
        return new Added.Done(views(channelId, id).getFirst());
    }

    private boolean listed(long channelId, String address) {
        return database.sql("""
                select exists (select from audience_guest where channel_id = ? and lower(mail) = lower(?) and removed_at is null)
                """)
                .param(channelId)
                .param(address)
                .query(Boolean.class)
                .single();
    }

    private int mailed(long owner, Timestamp since) {
        return database.sql("""
                select count(*) from audience_guest g join channel c on c.id = g.channel_id
                where c.account_id = ? and g.mailed_at > ?
                """).param(owner).param(since).query(Integer.class).single();
    }

    private int mailedTo(String address, Timestamp since) {
        return database.sql("select count(*) from audience_guest where lower(mail) = lower(?) and mailed_at > ?")
                .param(address)
                .param(since)
                .query(Integer.class)
                .single();
    }

    @Override
    public boolean mails() {
        return mail.available();
    }

    /** The link that was mailed first, as whoever comes by it takes it. */
    @Override
    @Transactional
    public boolean remove(long channelId, long guestId) {
        database.sql("""
                update audience_invite set revoked_at = ? where mailed and revoked_at is null and channel_id = ?
                    and id = (select invite_id from audience_guest where id = ?)
                """)
                .param(Timestamp.from(clock.instant()))
                .param(channelId)
                .param(guestId)
                .update();
        return rows.remove(channelId, guestId);
    }

    @Override
    @Transactional
    public boolean putBack(long channelId, long guestId) {
        rows.lock(channelId);
        return rows.putBack(channelId, guestId);
    }
}
