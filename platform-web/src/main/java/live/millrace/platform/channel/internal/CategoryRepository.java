// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface CategoryRepository extends Repository<Category, Long> {
    List<Category> findAllByOrderByPositionAscSlugAsc();

    Optional<Category> findBySlug(String slug);

    Optional<Category> findById(long id);

    Category save(Category category);

    void flush();

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select c from Category c where c.slug = :slug")
    Optional<Category> lock(String slug);

    void delete(Category category);
}
