// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface StreamKeyRepository extends Repository<StreamKey, Long> {
    StreamKey save(StreamKey key);

    void flush();

    Optional<StreamKey> findById(long id);

    Optional<StreamKey> findByPrefix(String prefix);

    List<StreamKey> findByChannelIdAndBrowserFalseAndRevokedAtIsNullOrderByIdDesc(long channelId);

    long countByChannelIdAndBrowserFalseAndRevokedAtIsNull(long channelId);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select k from StreamKey k where k.id = :id and k.channelId = :channelId and k.revokedAt is null")
    Optional<StreamKey> lock(long channelId, long id);
}
