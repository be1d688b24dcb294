// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import live.millrace.platform.channel.StreamKeyView;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A key of a channel. What is noted while it publishes, and the blocks of it, are written by statements of their own. */
@Entity
@DynamicUpdate
@Table(name = "channel_stream_key")
class StreamKey {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private int version;

    private long channelId;
    private String name;

    @Column(updatable = false)
    private String prefix;

    @Column(updatable = false)
    private byte[] secretHash;

    @Column(updatable = false)
    private Instant createdAt;

    @Column(updatable = false)
    private @Nullable Instant lastUsedAt;

    @Column(updatable = false)
    private @Nullable String lastEncoder;

    private @Nullable Instant revokedAt;

    @Column(updatable = false)
    private @Nullable Instant blockedUntil;

    @Column(insertable = false, updatable = false)
    private boolean browser;

    @Column(updatable = false)
    private byte @Nullable [] sealedPassphrase;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected StreamKey() {}

    StreamKey(
            long channelId,
            String name,
            String prefix,
            byte[] secretHash,
            byte @Nullable [] sealedPassphrase,
            Instant createdAt) {
        this.channelId = channelId;
        this.name = name;
        this.prefix = prefix;
        this.secretHash = secretHash;
        this.sealedPassphrase = sealedPassphrase;
        this.createdAt = createdAt;
    }

    long channelId() {
        return channelId;
    }

    byte[] secretHash() {
        return secretHash;
    }

    String prefix() {
        return prefix;
    }

    byte @Nullable [] sealedPassphrase() {
        return sealedPassphrase;
    }

    void revoke(Instant at) {
        revokedAt = at;
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
                revoked(),
                browser,
                sealedPassphrase != null);
    }
}
