// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One time on air. */
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

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Broadcast() {}

    Broadcast(long channelId, UUID engineId, String title, Instant startedAt) {
        this.channelId = channelId;
        this.engineId = engineId;
        this.title = title;
        this.startedAt = startedAt;
    }

    void wentLive(Instant at) {
        if (liveAt == null) {
            liveAt = at;
        }
    }

    void watchedBy(int viewers) {
        peakViewers = Math.max(peakViewers, viewers);
    }

    void ended(Instant at) {
        endedAt = at;
    }
}
