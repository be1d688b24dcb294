// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.Modifying;
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
    Optional<Channel> findByAccountId(long accountId);

    @EntityGraph(attributePaths = "category")
    List<Channel> findByAccountIdIn(Collection<Long> accountIds);

    boolean existsByDisplaySkeletonAndIdNot(String skeleton, long id);

    /** Whether another account's user name looks so. */
    @Query(
            value = "select exists(select 1 from account where username_skeleton = :skeleton and id <> :accountId)",
            nativeQuery = true)
    boolean anyUsernameLooksLike(String skeleton, long accountId);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.title = :title, c.category = :category, c.tags = :tags, c.language = :language,"
            + " c.mature = :mature where c.id = :id")
    void describe(long id, String title, @Nullable Category category, String[] tags, String language, boolean mature);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.title = :title where c.id = :id")
    void retitle(long id, String title);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.description = :description where c.id = :id")
    void edit(long id, String description);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.displayName = :name, c.displaySkeleton = :skeleton where c.id = :id")
    void rename(long id, String name, @Nullable String skeleton);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.avatar = :picture where c.id = :id")
    void setAvatar(long id, @Nullable String picture);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.banner = :picture where c.id = :id")
    void setBanner(long id, @Nullable String picture);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.hiddenAt = :at where c.id = :id")
    void hide(long id, @Nullable Instant at);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Channel c set c.lastLiveAt = :at where c.id = :id and (c.lastLiveAt is null or c.lastLiveAt < :at)")
    void wentLive(long id, Instant at);
}
