// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import live.millrace.platform.audience.internal.PlayTicket.Bearer;
import live.millrace.platform.audience.internal.PlayTicket.Named;
import org.jspecify.annotations.Nullable;
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

    /**
     * Writes one down.
     *
     * @param name of one for a player; null for a page's
     * @return its number
     */
    long insert(
            String hash, long channelId, Bearer bearer, Instant now, @Nullable String name, @Nullable Instant until) {
        return database.sql("""
                insert into play_ticket (hash, channel_id, account_id, guest_id, password, made_at, seen_at, name, expires_at)
                values (:hash, :channel, :account, :guest, :password, :at, :at, :name, :until) returning id
                """)
                .param("hash", HEX.parseHex(hash))
                .param("channel", channelId)
                .param("account", bearer.accountId(), Types.BIGINT)
                .param("guest", bearer.guestId(), Types.BIGINT)
                .param("password", bearer.password(), Types.INTEGER)
                .param("at", Timestamp.from(now))
                .param("name", name, Types.VARCHAR)
                .param("until", until == null ? null : Timestamp.from(until), Types.TIMESTAMP)
                .query(Long.class)
                .single();
    }

    /**
     * All there are.
     *
     * @param now when each of them is as good as seen: nobody was there to see them
     */
    List<PlayTicket> all(Instant now) {
        return database.sql(
                        "select hash, channel_id, account_id, guest_id, password, id, name, expires_at from play_ticket")
                .query((row, _) -> new PlayTicket(
                        HEX.formatHex(row.getBytes(1)),
                        row.getLong(2),
                        new Bearer(
                                row.getObject(3, Long.class),
                                row.getObject(4, Long.class),
                                row.getObject(5, Integer.class)),
                        row.getString(7) == null
                                ? null
                                : new Named(
                                        row.getLong(6),
                                        row.getString(7),
                                        row.getTimestamp(8).toInstant()),
                        now))
                .list();
    }

    void remove(Collection<PlayTicket> tickets) {
        if (!tickets.isEmpty()) {
            database.sql("delete from play_ticket where hash in (:hashes)")
                    .param(
                            "hashes",
                            tickets.stream()
                                    .map(ticket -> HEX.parseHex(ticket.hash))
                                    .toList())
                    .update();
        }
    }
}
