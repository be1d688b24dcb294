// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.PastBroadcast;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One time on air. Read and inserted whole; what changes is written by narrow statements, so that nobody writes away what another just wrote. */
@Entity
@Table(name = "live_broadcast")
@SuppressWarnings("UnusedVariable") // columns that are written here and read in the database
class Broadcast {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private long channelId;
    private UUID engineId;
    private String title;
    private Instant startedAt;
    private @Nullable Instant liveAt;
    private @Nullable Instant endedAt;
    private int peakViewers;
    private @Nullable Long categoryId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private String[] tags;

    private String language;
    private boolean mature;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Broadcast() {}

    /** Remembers what the channel said it is about when it began. */
    Broadcast(ChannelView channel, UUID engineId, Instant startedAt) {
        this.channelId = channel.id();
        this.engineId = engineId;
        this.title = channel.title();
        this.startedAt = startedAt;
        this.categoryId = channel.category() == null ? null : channel.category().id();
        this.tags = channel.tags().toArray(String[]::new);
        this.language = channel.language();
        this.mature = channel.mature();
    }

    PastBroadcast past() {
        return new PastBroadcast(
                id(), title, Objects.requireNonNull(liveAt), Objects.requireNonNull(endedAt), peakViewers);
    }

    long id() {
        return Objects.requireNonNull(id, "not stored yet");
    }

    long channelId() {
        return channelId;
    }

    UUID engineId() {
        return engineId;
    }
}
