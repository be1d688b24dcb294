// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import live.millrace.platform.channel.StreamKeyView;
import org.jspecify.annotations.Nullable;

/** Read and inserted whole; what changes is written by narrow statements, so that nobody writes away what another just wrote. */
@Entity
@Table(name = "channel_stream_key")
class StreamKey {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private long channelId;
    private String name;
    private String prefix;
    private byte[] secretHash;
    private Instant createdAt;
    private @Nullable Instant lastUsedAt;
    private @Nullable String lastEncoder;
    private @Nullable Instant revokedAt;
    private @Nullable Instant blockedUntil;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected StreamKey() {}

    StreamKey(long channelId, String name, String prefix, byte[] secretHash, Instant createdAt) {
        this.channelId = channelId;
        this.name = name;
        this.prefix = prefix;
        this.secretHash = secretHash;
        this.createdAt = createdAt;
    }

    long channelId() {
        return channelId;
    }

    byte[] secretHash() {
        return secretHash;
    }

    boolean revoked() {
        return revokedAt != null;
    }

    StreamKeyView view() {
        return new StreamKeyView(
                Objects.requireNonNull(id),
                channelId,
                name,
                prefix,
                createdAt,
                lastUsedAt,
                lastEncoder,
                blockedUntil,
                revoked());
    }
}
