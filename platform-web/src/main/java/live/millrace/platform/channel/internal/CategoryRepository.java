// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface CategoryRepository extends Repository<Category, Long> {
    List<Category> findAllByOrderByPositionAscSlugAsc();

    Optional<Category> findBySlug(String slug);

    Optional<Category> findById(long id);

    void delete(Category category);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(nativeQuery = true, value = """
            insert into channel_category (slug, name_en, name_zh, position, picture)
            values (:slug, :nameEn, :nameZh, :position, cast(:picture as text))
            on conflict (slug) do update set name_en = excluded.name_en, name_zh = excluded.name_zh,
                position = excluded.position, picture = coalesce(excluded.picture, channel_category.picture)
            """)
    void put(String slug, String nameEn, String nameZh, int position, @Nullable String picture);
}
