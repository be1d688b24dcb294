// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface StreamKeyRepository extends Repository<StreamKey, Long> {
    StreamKey save(StreamKey key);

    Optional<StreamKey> findById(long id);

    Optional<StreamKey> findByPrefix(String prefix);

    List<StreamKey> findByChannelIdAndRevokedAtIsNullOrderByIdDesc(long channelId);

    long countByChannelIdAndRevokedAtIsNull(long channelId);
}
