// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.FetchedStreams;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * A broadcast is over, and with it what players elsewhere were let in for. A camera that rests is not over: whoever comes by such an address
 * wakes it.
 */
@Component
class EndOfBroadcasts {
    private final PlayTickets tickets;
    private final FetchedStreams fetched;
    private final Channels channels;

    EndOfBroadcasts(PlayTickets tickets, FetchedStreams fetched, Channels channels) {
        this.tickets = tickets;
        this.fetched = fetched;
        this.channels = channels;
    }

    @EventListener
    void on(LiveChanged event) {
        LiveView view = event.view();
        if (view.state() == LiveState.ENDED
                && !view.fetched()
                && fetched.status(view.channel()).isEmpty()) {
            channels.find(view.channel()).ifPresent(channel -> tickets.dropPlayers(channel.id()));
        }
    }
}
