// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface StreamKeyRepository extends Repository<StreamKey, Long> {
    StreamKey save(StreamKey key);

    Optional<StreamKey> findById(long id);

    Optional<StreamKey> findByPrefix(String prefix);

    List<StreamKey> findByChannelIdAndRevokedAtIsNullOrderByIdDesc(long channelId);

    long countByChannelIdAndRevokedAtIsNull(long channelId);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            "update StreamKey k set k.revokedAt = :now where k.id = :id and k.channelId = :channelId and k.revokedAt is null")
    int revoke(long channelId, long id, Instant now);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update StreamKey k set k.lastUsedAt = :now, k.lastEncoder = :encoder where k.id = :id")
    void used(long id, Instant now, String encoder);

    /** The longer of two blocks holds. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update StreamKey k set k.blockedUntil = :until"
            + " where k.id = :id and (k.blockedUntil is null or k.blockedUntil < :until)")
    void block(long id, Instant until);

    /** Unless another block came after it. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update StreamKey k set k.blockedUntil = null where k.id = :id and k.blockedUntil = :until")
    void unblock(long id, Instant until);
}
