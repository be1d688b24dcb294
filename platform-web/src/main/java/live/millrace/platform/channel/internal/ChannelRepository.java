// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ChannelRepository extends Repository<Channel, Long> {
    Channel save(Channel channel);

    void flush();

    @EntityGraph(attributePaths = "category")
    Optional<Channel> findById(long id);

    @EntityGraph(attributePaths = "category")
    Optional<Channel> findByName(String name);

    @EntityGraph(attributePaths = "category")
    List<Channel> findByNameIn(Collection<String> names);

    @EntityGraph(attributePaths = "category")
    List<Channel> findByIdIn(Collection<Long> ids);

    @EntityGraph(attributePaths = "category")
    Optional<Channel> findByAccountIdAndOwnTrue(long accountId);

    @EntityGraph(attributePaths = "category")
    List<Channel> findByAccountIdOrderByOwnDescNameAsc(long accountId);

    long countByAccountIdAndOwnFalse(long accountId);

    boolean existsByDisplaySkeletonAndIdNot(String skeleton, long id);

    /** Whether another account's name, or that of one of its channels, looks so. */
    @Query(
            value = "select exists(select 1 from channel where name_skeleton = :skeleton and account_id <> :accountId)",
            nativeQuery = true)
    boolean anyNameLooksLike(String skeleton, long accountId);
}
