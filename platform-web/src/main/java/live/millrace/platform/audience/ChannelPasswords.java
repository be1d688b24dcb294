// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The passwords of channels that are shown to whoever knows one. A password has a number: who said an earlier one has to say the new one.
 * Thread-safe.
 */
@Component
public class ChannelPasswords {
    /** Characters. It is told to many, and guessed at a rate that is limited. */
    public static final int LEAST = 4;

    public static final int MOST = 100;

    private record Row(String hash, int version) {}

    private final JdbcClient database;
    private final PasswordEncoder encoder;
    private final ApplicationEventPublisher events;

    ChannelPasswords(JdbcClient database, PasswordEncoder encoder, ApplicationEventPublisher events) {
        this.database = database;
        this.encoder = encoder;
        this.events = events;
    }

    private Optional<Row> row(long channelId) {
        return database.sql("select hash, version from audience_password where channel_id = ?")
                .param(channelId)
                .query((row, _) -> new Row(row.getString(1), row.getInt(2)))
                .optional();
    }

    /** The number of a channel's password; empty where there is none. */
    public OptionalInt version(long channelId) {
        return row(channelId).map(row -> OptionalInt.of(row.version)).orElseGet(OptionalInt::empty);
    }

    /** Sets another. */
    @Transactional
    public void set(long channelId, String password) {
        database.sql("""
                insert into audience_password (channel_id, hash, version) values (?, ?, 1)
                on conflict (channel_id) do update set hash = excluded.hash, version = audience_password.version + 1
                """).param(channelId).param(encoder.encode(password)).update();
        events.publishEvent(new AudienceChanged(channelId));
    }

    /** The number of the password if this is it. Costs what a log-in does. */
    public OptionalInt said(long channelId, @Nullable String password) {
        Optional<Row> row = row(channelId);
        return row.isPresent()
                        && password != null
                        && password.length() <= MOST
                        && encoder.matches(password, row.get().hash)
                ? OptionalInt.of(row.get().version)
                : OptionalInt.empty();
    }
}
