// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import org.springframework.stereotype.Component;

/** Who talks, from an open page or by a request, and what is said to them alone. Thread-safe. */
@Component
public class Talkers {
    private final Guests guests;
    private final PageSockets sockets;

    Talkers(Guests guests, PageSockets sockets) {
        this.guests = guests;
        this.sockets = sockets;
    }

    /** Who a page's person is in a channel's room; empty for whoever only reads. A guest is asked about anew: they may have been removed. */
    public Optional<Talker> of(ChannelView channel, Page page) {
        AccountPrincipal principal = page.principal();
        return principal == null
                ? guests.of(channel.id(), Viewers.of(page)).map(Talkers::invited)
                : Optional.of(new Talker.Person(principal.accountId()));
    }

    /** Who sent a request, to a channel; empty for whoever only reads. A guest is asked about anew. */
    public Optional<Talker> of(ChannelView channel, Viewer viewer) {
        AccountPrincipal principal = viewer.person();
        return principal == null
                ? guests.of(channel.id(), viewer).map(Talkers::invited)
                : Optional.of(new Talker.Person(principal.accountId()));
    }

    private static Talker invited(Guest guest) {
        return new Talker.Invited(guest.id(), guest.name());
    }

    /** The same as it was when the page was opened; asks nothing. A guest who is removed since has their page opened anew. */
    public static Optional<Talker> noted(ChannelView channel, Page page) {
        AccountPrincipal principal = page.principal();
        return principal == null
                ? Optional.ofNullable(Viewers.of(page).guests().get(channel.id()))
                        .map(Talkers::invited)
                : Optional.of(new Talker.Person(principal.accountId()));
    }

    /** Tells the pages of somebody alone, of those that follow a channel's room. */
    public void tell(ChannelView channel, Talker talker, Object event) {
        Optional<Talker> them = Optional.of(talker);
        sockets.tell(LiveRooms.topic(channel), page -> noted(channel, page).equals(them), event);
    }
}
