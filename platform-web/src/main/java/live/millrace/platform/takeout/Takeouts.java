// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What people asked to have written out. Each has one at most, kept for a few days. Thread-safe. */
@Service
public class Takeouts {
    /** How long a file can be fetched. */
    public static final Duration KEPT = Duration.ofDays(3);

    /** Writing it again so soon would tell nothing new. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    /** One that was not written in this time may be asked for anew: the disk was full, or the queue gave it up. */
    private static final Duration GIVEN_UP = Duration.ofHours(1);

    static final String KIND = "takeout";

    /**
     * How far it is.
     *
     * @param doneAt null while it is being written
     * @param late whether it should have been written long ago
     */
    public record State(
            Instant askedAt, int percent, @Nullable Instant doneAt, long bytes, boolean late) {
        public boolean isReady() {
            return doneAt != null;
        }

        /** Until when its file can be fetched. */
        public @Nullable Instant until() {
            return doneAt == null ? null : doneAt.plus(KEPT);
        }
    }

    /** How far those are that this process writes. */
    private final Map<Long, Integer> percents = new ConcurrentHashMap<>();

    private final JdbcClient database;
    private final Deliveries deliveries;
    private final DataDirectory data;
    private final Clock clock;

    Takeouts(JdbcClient database, Deliveries deliveries, DataDirectory data, Clock clock) {
        this.database = database;
        this.deliveries = deliveries;
        this.data = data;
        this.clock = clock;
    }

    /** Empty where nothing was asked for, or its file is gone: a backup does not bring it along. */
    public Optional<State> of(long accountId) {
        return stored(accountId)
                .filter(state -> !state.isReady() || file(accountId).isPresent());
    }

    private Optional<State> stored(long accountId) {
        return database.sql("""
                select asked_at, done_at, coalesce(bytes, 0), done_at is null and asked_at < ? from takeout where account_id = ?
                """)
                .param(Timestamp.from(clock.instant().minus(GIVEN_UP)))
                .param(accountId)
                .query((row, _) -> new State(
                        row.getTimestamp(1).toInstant(),
                        percents.getOrDefault(accountId, 0),
                        Optional.ofNullable(row.getTimestamp(2))
                                .map(Timestamp::toInstant)
                                .orElse(null),
                        row.getLong(3),
                        row.getBoolean(4)))
                .optional();
    }

    /** Asks for one; what is being written, or was just now, is not begun again. */
    @Transactional
    public void ask(long accountId, String username) {
        Instant now = clock.instant();
        boolean begun = database.sql("""
                insert into takeout (account_id, asked_at) values (?, ?)
                on conflict (account_id) do update set asked_at = excluded.asked_at, file = null, bytes = null, done_at = null
                where takeout.done_at < ? or (takeout.done_at is null and takeout.asked_at < ?)
                """)
                        .param(accountId)
                        .param(Timestamp.from(now))
                        .param(Timestamp.from(now.minus(PAUSE)))
                        .param(Timestamp.from(now.minus(GIVEN_UP)))
                        .update()
                > 0;
        if (begun) {
            deliveries.enqueue(KIND, username, Map.of("account", accountId, "asked", now.toEpochMilli()), null);
        }
    }

    /** Where a person's own file is; empty until it is there. */
    public Optional<Path> file(long accountId) {
        return database.sql("select file from takeout where account_id = ? and file is not null")
                .param(accountId)
                .query(String.class)
                .optional()
                .map(folder()::resolve)
                .filter(Files::isRegularFile);
    }

    void tell(long accountId, int percent) {
        percents.put(accountId, percent);
    }

    void over(long accountId) {
        percents.remove(accountId);
    }

    Path folder() {
        return data.resolve("exports");
    }
}
