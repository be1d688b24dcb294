// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * When guests were last seen, written down once a minute: a look writes nothing, and whoever asks may be reading in a transaction that must
 * not write. Thread-safe.
 */
@Component
class SeenGuests {
    /** In a minute; of more it is not noted. */
    private static final int MOST = 20_000;

    private final JdbcClient database;
    private final Clock clock;
    private final Map<Long, Instant> seen = new ConcurrentHashMap<>();

    SeenGuests(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    void note(long guestId) {
        if (seen.size() < MOST || seen.containsKey(guestId)) {
            seen.put(guestId, clock.instant());
        }
    }

    /** What is not written down yet. */
    Optional<Instant> at(long guestId) {
        return Optional.ofNullable(seen.get(guestId));
    }

    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void write() {
        Map<Long, Instant> noted = Map.copyOf(seen);
        if (noted.isEmpty()) {
            return;
        }
        List<Map.Entry<Long, Instant>> rows = List.copyOf(noted.entrySet());
        database.sql("""
                update audience_guest g set seen_at = noted.at::timestamptz
                from unnest(?::bigint[], ?::text[]) as noted (id, at) where g.id = noted.id
                """)
                .param(rows.stream().map(Map.Entry::getKey).toArray(Long[]::new))
                .param(rows.stream().map(row -> row.getValue().toString()).toArray(String[]::new))
                .update();
        // Whoever was seen again meanwhile is written down the next time.
        noted.forEach(seen::remove);
    }
}
