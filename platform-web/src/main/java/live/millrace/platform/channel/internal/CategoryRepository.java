// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface CategoryRepository extends Repository<Category, Long> {
    Category save(Category category);

    List<Category> findAllByOrderByPositionAscSlugAsc();

    Optional<Category> findBySlug(String slug);

    Optional<Category> findById(long id);

    void delete(Category category);
}
