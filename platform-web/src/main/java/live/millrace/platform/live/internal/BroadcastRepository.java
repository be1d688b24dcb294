// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface BroadcastRepository extends Repository<Broadcast, Long> {
    Broadcast save(Broadcast broadcast);

    Optional<Broadcast> findByEngineId(UUID engineId);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Broadcast b set b.peakViewers = :viewers where b.engineId = :engineId and b.peakViewers < :viewers")
    void watchedBy(UUID engineId, int viewers);

    /** Answers whether it had not been live before. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Broadcast b set b.liveAt = :at where b.engineId = :engineId and b.liveAt is null")
    int wentLive(UUID engineId, Instant at);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Broadcast b set b.endedAt = :at where b.engineId = :engineId and b.endedAt is null")
    void ended(UUID engineId, Instant at);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Broadcast b set b.endedAt = :now where b.endedAt is null")
    int closeOpen(Instant now);

    @Query("select b from Broadcast b where b.channelId = :channelId and b.liveAt is not null and b.endedAt is not null"
            + " order by b.startedAt desc")
    List<Broadcast> past(long channelId, Limit limit);
}
