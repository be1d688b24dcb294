// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface PublishAttemptRepository extends Repository<PublishAttempt, Long> {
    PublishAttempt save(PublishAttempt attempt);

    @Query("select a from PublishAttempt a where a.channelId = :channelId"
            + " or (a.channelId is null and a.remote = :remote and a.occurredAt > :since) order by a.id desc")
    List<PublishAttempt> find(long channelId, String remote, Instant since, Limit limit);

    @Query("select a from PublishAttempt a where a.channelId is null order by a.id desc")
    List<PublishAttempt> findStrangers(Limit limit);

    @Modifying
    @Query(
            nativeQuery = true,
            value = "delete from live_publish_attempt where channel_id = :channelId and id <= (select id from"
                    + " live_publish_attempt where channel_id = :channelId order by id desc offset :keep limit 1)")
    void trim(long channelId, int keep);

    @Modifying
    @Query(
            nativeQuery = true,
            value = "delete from live_publish_attempt where channel_id is null and id <= (select id from"
                    + " live_publish_attempt where channel_id is null order by id desc offset :keep limit 1)")
    void trimStrangers(int keep);

    @Modifying
    @Query("delete from PublishAttempt a where a.occurredAt < :before")
    void forget(Instant before);
}
