// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.util.Objects;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.ChannelCrew;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.ShutOut;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

@Service
class SiteAudience implements Audience {
    private final ObjectProvider<ChannelCrew> crews;
    private final ObjectProvider<ShutOut> outcasts;
    private final Guests guests;
    private final Follows follows;

    SiteAudience(ObjectProvider<ChannelCrew> crews, ObjectProvider<ShutOut> outcasts, Guests guests, Follows follows) {
        this.crews = crews;
        this.outcasts = outcasts;
        this.guests = guests;
        this.follows = follows;
    }

    @Override
    public Access access(ChannelView channel, Visibility visibility, Viewer viewer) {
        if (visibility.open() || runs(channel, viewer)) {
            return Access.OPEN;
        }
        AccountPrincipal person = viewer.person();
        Access closed = closed(visibility, person);
        if (closed == Access.HIDDEN && visibility == Visibility.PRIVATE) {
            return closed;
        }
        if (person != null && outcasts.stream().anyMatch(known -> known.has(channel, person.accountId()))) {
            return Access.HIDDEN;
        }
        boolean invited = guests.of(channel.id(), viewer).isPresent();
        return invited || admitted(channel, visibility, viewer) ? Access.OPEN : closed;
    }

    private static Access closed(Visibility visibility, @Nullable AccountPrincipal person) {
        return switch (visibility) {
            case REGISTERED -> Access.ACCOUNT;
            case FOLLOWERS -> person == null ? Access.ACCOUNT : Access.FOLLOW;
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
    public boolean runs(ChannelView channel, Viewer viewer) {
        AccountPrincipal person = viewer.person();
        return person != null
                && (person.accountId() == channel.accountId()
                        || crews.stream().anyMatch(crew -> crew.has(channel, Objects.requireNonNull(person))));
    }
}
