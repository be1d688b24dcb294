// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.MediaAddresses;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Addresses of media for whoever a page is made for, who may see it: plain ones where it is for everybody, else by a ticket, one for each
 * page. Thread-safe.
 */
@Component
public class TicketedMedia {
    private static final String TICKET = TicketedMedia.class.getName() + ".";

    private final MediaAddresses addresses;
    private final Tickets tickets;
    private final Viewers viewers;

    TicketedMedia(MediaAddresses addresses, Tickets tickets, Viewers viewers) {
        this.addresses = addresses;
        this.tickets = tickets;
        this.viewers = viewers;
    }

    /** The multivariant playlist of what a channel broadcasts. */
    public String live(HttpServletRequest request, ChannelView channel) {
        return live(request, channel, channel.visibility());
    }

    /**
     * The same for whoever may see what is recorded of it too: what they go back to has the addresses of what is live.
     *
     * @param recorded whom that is for, who may be fewer
     */
    public String live(HttpServletRequest request, ChannelView channel, Visibility recorded) {
        return opened(
                request,
                channel,
                channel.visibility().open() ? recorded : channel.visibility(),
                addresses.hls(request, channel.name()));
    }

    /** The same by a ticket also while everybody may: for a page that goes on when that changes. */
    public String kept(HttpServletRequest request, ChannelView channel) {
        return by(ticket(request, channel), request, channel);
    }

    /** The same by a ticket that was made for a player. */
    public String by(String ticket, HttpServletRequest request, ChannelView channel) {
        return addresses.by(ticket, request, addresses.hls(request, channel.name()));
    }

    /** The same in other protocols. */
    public List<MediaAddresses.Other> others(String ticket, HttpServletRequest request, ChannelView channel) {
        return addresses.players(request, channel.name(), ticket);
    }

    /** The same for whoever may not see it: the address that it has when nothing is on. */
    public String plain(HttpServletRequest request, ChannelView channel) {
        return addresses.hls(request, channel.name());
    }

    /**
     * Something of a video.
     *
     * @param path behind {@code /videos/}
     */
    public String video(HttpServletRequest request, ChannelView channel, Visibility visibility, String path) {
        return opened(request, channel, visibility, addresses.video(request, path));
    }

    private String opened(HttpServletRequest request, ChannelView channel, Visibility visibility, String address) {
        return visibility.open() ? address : addresses.by(ticket(request, channel), request, address);
    }

    private String ticket(HttpServletRequest request, ChannelView channel) {
        String key = TICKET + channel.id();
        if (request.getAttribute(key) instanceof String made) {
            return made;
        }
        String ticket = tickets.issue(channel, viewers.of(request));
        request.setAttribute(key, ticket);
        return ticket;
    }

    /**
     * Where the page that a request is answered with may fetch what its ticket opens through a cache; null where it may not, and where it needs no
     * ticket.
     */
    public @Nullable String cdn(HttpServletRequest request, ChannelView channel) {
        return request.getAttribute(TICKET + channel.id()) == null
                ? null
                : addresses.cdn().orElse(null);
    }

    /** Whether there is a way to watch that is half a second behind, at most. */
    public boolean instant() {
        return addresses.instant();
    }

    /** The topic by which the page that a request is answered with keeps its ticket for a channel; null where it has none. */
    public @Nullable String topic(HttpServletRequest request, ChannelView channel) {
        return request.getAttribute(TICKET + channel.id()) instanceof String made ? Tickets.TOPIC + made : null;
    }
}
