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

    Category(String slug, String nameEn, String nameZh) {
        this.slug = slug;
        this.nameEn = nameEn;
        this.nameZh = nameZh;
    }

    void change(String newNameEn, String newNameZh, int newPosition, @Nullable String newPicture) {
        nameEn = newNameEn;
        nameZh = newNameZh;
        position = newPosition;
        if (newPicture != null) {
            picture = newPicture;
        }
    }

    CategoryView view() {
        return new CategoryView(Objects.requireNonNull(id), slug, nameEn, nameZh, picture, position);
    }
}
