// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.util.List;
import java.util.Objects;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.ChannelCrew;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.ShutOut;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class SiteAudience implements Audience {
    /** Of one person: more is on no page. */
    private static final int MOST_SHOWN = 100;

    private final ObjectProvider<ChannelCrew> crews;
    private final ObjectProvider<ShutOut> outcasts;
    private final Guests guests;
    private final Follows follows;
    private final Channels channels;
    private final JdbcClient database;

    SiteAudience(
            ObjectProvider<ChannelCrew> crews,
            ObjectProvider<ShutOut> outcasts,
            Guests guests,
            Follows follows,
            Channels channels,
            JdbcClient database) {
        this.crews = crews;
        this.outcasts = outcasts;
        this.guests = guests;
        this.follows = follows;
        this.channels = channels;
        this.database = database;
    }

    @Override
    public Access access(ChannelView channel, Visibility visibility, Viewer viewer) {
        if (visibility.open() || runs(channel, viewer)) {
            return Access.OPEN;
        }
        AccountPrincipal person = viewer.person();
        Access closed = closed(visibility);
        if (closed == Access.HIDDEN && visibility == Visibility.PRIVATE) {
            return closed;
        }
        if (person != null && outcasts.stream().anyMatch(known -> known.has(channel, person.accountId()))) {
            return Access.HIDDEN;
        }
        boolean invited = guests.of(channel.id(), viewer).isPresent();
        return invited || admitted(channel, visibility, viewer) ? Access.OPEN : closed;
    }

    private static Access closed(Visibility visibility) {
        return switch (visibility) {
            case REGISTERED -> Access.ACCOUNT;
            case FOLLOWERS -> Access.FOLLOW;
            case PASSWORD -> Access.PASSWORD;
            case PUBLIC, UNLISTED, INVITED, PRIVATE -> Access.HIDDEN;
        };
    }

    /** Without having been invited. */
    private boolean admitted(ChannelView channel, Visibility visibility, Viewer viewer) {
        AccountPrincipal person = viewer.person();
        return switch (visibility) {
            case PUBLIC, UNLISTED -> true;
            case REGISTERED -> person != null;
            case FOLLOWERS ->
                person != null
                        && follows.since(person.accountId(), channel.id()).isPresent();
            case PASSWORD -> viewer.unlocked().contains(channel.id());
            case INVITED, PRIVATE -> false;
        };
    }

    @Override
    public List<ChannelView> shownTo(Viewer viewer) {
        AccountPrincipal person = viewer.person();
        if (person == null) {
            return List.of();
        }
        // The site's people see everything: that is no reason to show it to them.
        Viewer named = viewer.asNamed();
        return channels
                .findAll(database.sql("""
                        select c.id from channel c join account o on o.id = c.account_id
                        where c.id in (
                            select channel_id from channel_follow where account_id = :account
                            union all select channel_id from audience_guest where account_id = :account and removed_at is null)
                        and c.visibility not in ('PUBLIC', 'UNLISTED') and c.hidden_at is null and c.account_id <> :account
                        and (o.suspended_at is null or o.suspended_until < now())
                        order by c.last_live_at desc nulls last, c.id limit :most
                        """)
                        .param("account", person.accountId())
                        .param("most", MOST_SHOWN)
                        .query((row, _) -> row.getLong(1))
                        .list())
                .stream()
                .filter(channel -> access(channel, named).open())
                .toList();
    }

    @Override
    public boolean runs(ChannelView channel, Viewer viewer) {
        AccountPrincipal person = viewer.person();
        return person != null
                && (person.accountId() == channel.accountId()
                        || crews.stream().anyMatch(crew -> crew.has(channel, Objects.requireNonNull(person))));
    }
}
