// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.BrowserKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcBrowserKeys implements BrowserKeys {
    /** What the connection log calls it. */
    private static final String NAME = "Browser";

    private final StreamKeyRepository keys;
    private final JdbcClient database;
    private final Clock clock;

    JdbcBrowserKeys(StreamKeyRepository keys, JdbcClient database, Clock clock) {
        this.keys = keys;
        this.database = database;
        this.clock = clock;
    }

    private record Row(long id, @Nullable UUID run, UUID newest, boolean begins) {}

    @Override
    @Transactional(readOnly = true)
    public Optional<Held> held(long channelId) {
        return database.sql("""
                        select id, run, coalesce(next_run, run) as newest, next_run is not null and begins_until is null as begins
                        from channel_stream_key
                        where channel_id = ? and browser and revoked_at is null
                        """)
                .param(channelId)
                .query(Row.class)
                .optional()
                .flatMap(row -> keys.findById(row.id())
                        .map(key -> new Held(key.view(), Optional.ofNullable(row.run()), row.newest(), row.begins())));
    }

    @Override
    @Transactional
    public Optional<String> give(long channelId, UUID run, Optional<UUID> before) {
        String secret = StreamKeyFormat.random();
        Instant now = clock.instant();
        int given = database.sql("""
                insert into channel_stream_key (channel_id, name, prefix, secret_hash, created_at, browser, begins_until, next_run)
                values (:channel, :name, :prefix, :hash, :now, true, :until, :run)
                on conflict (channel_id) where browser and revoked_at is null
                do update set prefix = excluded.prefix, secret_hash = excluded.secret_hash, begins_until = excluded.begins_until,
                    next_run = excluded.next_run
                where coalesce(channel_stream_key.next_run, channel_stream_key.run) = :before
                """)
                .param("channel", channelId)
                .param("name", NAME)
                .param("prefix", StreamKeyFormat.prefix(secret).orElseThrow())
                .param("hash", StreamKeyFormat.hash(secret))
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(now.plus(BEGINS_WITHIN)))
                .param("run", run)
                .param("before", before.orElse(null), Types.OTHER)
                .update();
        return given == 1 ? Optional.of(secret) : Optional.empty();
    }

    @Override
    @Transactional
    public boolean begin(long keyId, String secret) {
        return database.sql("""
                update channel_stream_key set begins_until = null
                where id = :id and browser and secret_hash = :hash and begins_until > :now and revoked_at is null
                    and (blocked_until is null or blocked_until <= :now)
                """)
                        .param("id", keyId)
                        .param("hash", StreamKeyFormat.hash(secret))
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    @Override
    @Transactional
    public void began(long keyId) {
        database.sql("""
                update channel_stream_key set run = next_run, next_run = null where id = ? and browser and next_run is not null
                """).param(keyId).update();
    }

    @Override
    @Transactional
    public void gaveUp(long keyId) {
        database.sql("""
                update channel_stream_key set next_run = null
                where id = ? and browser and run is not null and next_run is not null and begins_until is null
                """).param(keyId).update();
    }
}
