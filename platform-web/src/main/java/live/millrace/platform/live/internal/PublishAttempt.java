// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import live.millrace.platform.live.AttemptView;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "live_publish_attempt")
class PublishAttempt {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private @Nullable Long channelId;
    private Instant occurredAt;
    private String outcome;
    private @Nullable String cause;
    private @Nullable String keyName;
    private @Nullable String keyPrefix;
    private String encoder;
    private String remote;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected PublishAttempt() {}

    PublishAttempt(
            @Nullable Long channelId,
            Instant occurredAt,
            String outcome,
            @Nullable String cause,
            @Nullable String keyName,
            @Nullable String keyPrefix,
            String encoder,
            String remote) {
        this.channelId = channelId;
        this.occurredAt = occurredAt;
        this.outcome = outcome;
        this.cause = cause;
        this.keyName = keyName;
        this.keyPrefix = keyPrefix;
        this.encoder = encoder;
        this.remote = remote;
    }

    @Nullable
    Long channelId() {
        return channelId;
    }

    AttemptView view() {
        return new AttemptView(occurredAt, outcome, cause, keyName, keyPrefix, encoder, masked(remote));
    }

    /** Enough to tell one's own network from another. */
    private static String masked(String address) {
        return address.contains(":")
                ? address.replaceAll("^((?:[0-9a-fA-F]*:){3}).*", "$1…")
                : address.replaceAll("\\.\\d+$", ".…");
    }
}
