// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Objects;
import live.millrace.platform.channel.CategoryView;
import org.jspecify.annotations.Nullable;

/** Only read: one statement adds or changes one, so that two who add the same at once have it once. */
@Entity
@Table(name = "channel_category")
class Category {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String slug;
    private String nameEn;
    private String nameZh;
    private @Nullable String picture;
    private int position;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Category() {}

    CategoryView view() {
        return new CategoryView(Objects.requireNonNull(id), slug, nameEn, nameZh, picture, position);
    }
}
