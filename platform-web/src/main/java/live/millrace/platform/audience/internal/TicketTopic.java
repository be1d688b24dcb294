// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.Topic;
import org.springframework.stereotype.Component;

/** {@code ticket:{secret}}: a page joins it for as long as it may go on. It says nothing; one that is dead refuses the page. */
@Component
class TicketTopic implements Topic {
    private final PlayTickets tickets;

    TicketTopic(PlayTickets tickets) {
        this.tickets = tickets;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(Tickets.TOPIC);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        return tickets.keep(name.substring(Tickets.TOPIC.length())) ? Optional.of(List.of()) : Optional.empty();
    }
}
