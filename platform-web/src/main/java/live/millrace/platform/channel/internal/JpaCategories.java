// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JpaCategories implements Categories {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final CategoryRepository categories;

    JpaCategories(CategoryRepository categories) {
        this.categories = categories;
    }

    @Override
    @Transactional(readOnly = true)
    public List<CategoryView> all() {
        return categories.findAllByOrderByPositionAscSlugAsc().stream()
                .map(Category::view)
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<CategoryView> find(String slug) {
        return categories.findBySlug(slug).map(Category::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<CategoryView> find(long id) {
        return categories.findById(id).map(Category::view);
    }

    @Override
    @Transactional
    public boolean put(String slug, String nameEn, String nameZh, int position, @Nullable String picture) {
        if (!SLUG.matcher(slug).matches() || !wellNamed(nameEn) || !wellNamed(nameZh)) {
            return false;
        }
        Category category = categories.findBySlug(slug).orElseGet(() -> new Category(slug, nameEn, nameZh));
        category.change(nameEn.strip(), nameZh.strip(), position, picture);
        categories.save(category);
        return true;
    }

    private static boolean wellNamed(String name) {
        return !name.isBlank() && name.strip().length() <= MAX_NAME;
    }

    @Override
    @Transactional
    public boolean remove(String slug) {
        Optional<Category> found = categories.findBySlug(slug);
        found.ifPresent(categories::delete);
        return found.isPresent();
    }
}
