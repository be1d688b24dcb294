// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.shared.DatabaseBack;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaCategories implements Categories {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final CategoryRepository categories;
    private final TransactionTemplate transaction;

    /** A handful that every page asks for and hardly anybody changes; this process alone changes them. */
    private volatile @Nullable List<CategoryView> known;

    private final ReentrantLock loading = new ReentrantLock();

    JpaCategories(CategoryRepository categories, TransactionTemplate transaction) {
        this.categories = categories;
        this.transaction = transaction;
    }

    @Override
    public List<CategoryView> all() {
        List<CategoryView> found = known;
        return found == null ? load() : found;
    }

    /** One after the other, so that what was read before a change is never kept after it. */
    private List<CategoryView> load() {
        loading.lock();
        try {
            List<CategoryView> found = categories.findAllByOrderByPositionAscSlugAsc().stream()
                    .map(Category::view)
                    .toList();
            known = found;
            return found;
        } finally {
            loading.unlock();
        }
    }

    @Override
    public Optional<CategoryView> find(String slug) {
        return all().stream().filter(category -> category.slug().equals(slug)).findFirst();
    }

    @Override
    public Optional<CategoryView> find(long id) {
        return all().stream().filter(category -> category.id() == id).findFirst();
    }

    @Override
    public boolean put(String slug, String nameEn, String nameZh, int position, @Nullable String picture) {
        if (!SLUG.matcher(slug).matches() || !wellNamed(nameEn) || !wellNamed(nameZh)) {
            return false;
        }
        Runnable write = () -> transaction.executeWithoutResult(_ -> {
            Category category = categories.lock(slug).orElseGet(() -> new Category(slug));
            category.change(nameEn.strip(), nameZh.strip(), position, picture);
            categories.save(category);
        });
        try {
            write.run();
        } catch (DataIntegrityViolationException raced) {
            // Two added it at once: the later one changes what the first one made.
            write.run();
        } finally {
            forget();
        }
        return true;
    }

    private static boolean wellNamed(String name) {
        return !name.isBlank() && name.strip().length() <= MAX_NAME;
    }

    @Override
    public boolean remove(String slug) {
        try {
            return Boolean.TRUE.equals(transaction.execute(_ -> {
                Optional<Category> found = categories.lock(slug);
                found.ifPresent(categories::delete);
                return found.isPresent();
            }));
        } finally {
            forget();
        }
    }

    /** Whether or not a change was answered, the next who asks reads what there is; not what somebody read before it. */
    private void forget() {
        loading.lock();
        try {
            known = null;
        } finally {
            loading.unlock();
        }
    }

    /** What was read while nobody knew whether a change stands may be what was before it. */
    @EventListener
    void on(DatabaseBack back) {
        forget();
    }
}
