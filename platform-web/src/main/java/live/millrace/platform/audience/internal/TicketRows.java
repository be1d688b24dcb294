// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tickets in the database, so that a restart sends nobody away. */
@Component
class TicketRows {
    private static final HexFormat HEX = HexFormat.of();

    private final JdbcClient database;

    TicketRows(JdbcClient database) {
        this.database = database;
    }

    void insert(PlayTicket ticket) {
        database.sql("""
                insert into play_ticket (hash, channel_id, account_id, guest_id, password, made_at, seen_at)
                values (:hash, :channel, :account, :guest, :password, :at, :at)
                """)
                .param("hash", HEX.parseHex(ticket.hash))
                .param("channel", ticket.channelId)
                .param("account", ticket.accountId, Types.BIGINT)
                .param("guest", ticket.guestId, Types.BIGINT)
                .param("password", ticket.password, Types.INTEGER)
                .param("at", Timestamp.from(ticket.seenAt()))
                .update();
    }

    /**
     * All there are.
     *
     * @param now when each of them is as good as seen: nobody was there to see them
     */
    List<PlayTicket> all(Instant now) {
        return database.sql("select hash, channel_id, account_id, guest_id, password from play_ticket")
                .query((row, _) -> new PlayTicket(
                        HEX.formatHex(row.getBytes(1)),
                        row.getLong(2),
                        row.getObject(3, Long.class),
                        row.getObject(4, Long.class),
                        row.getObject(5, Integer.class),
                        now))
                .list();
    }

    void remove(Collection<PlayTicket> tickets) {
        if (!tickets.isEmpty()) {
            database.sql("delete from play_ticket where hash in (:hashes)")
                    .param(
                            "hashes",
                            tickets.stream().map(ticket -> HEX.parseHex(ticket.hash)).toList())
                    .update();
        }
    }
}
