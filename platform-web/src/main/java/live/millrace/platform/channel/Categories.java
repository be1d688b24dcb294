// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What streams can be about; kept by admins. Thread-safe. */
public interface Categories {
    int MAX_NAME = 40;

    /** In the order that admins chose. */
    List<CategoryView> all();

    Optional<CategoryView> find(String slug);

    Optional<CategoryView> find(long id);

    /**
     * Adds one, or changes the one with this slug.
     *
     * @param slug small letters, digits and hyphens
     * @param picture a picture's name; null keeps the one there is
     * @return false when the slug is malformed or a name is empty or too long
     */
    boolean put(String slug, String nameEn, String nameZh, int position, @Nullable String picture);

    /** Removes one; its channels have none then. */
    boolean remove(String slug);
}
