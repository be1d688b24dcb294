// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Objects;
import live.millrace.platform.channel.CategoryView;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** What broadcasts are about. Changed while its row is locked. */
@Entity
@DynamicUpdate
@Table(name = "channel_category")
class Category {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private int version;

    private String slug;
    private String nameEn = "";
    private String nameZh = "";
    private @Nullable String picture;
    private int position;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Category() {}

    Category(String slug) {
        this.slug = slug;
    }

    /** @param chosen null to keep what there is */
    void change(String english, String chinese, int place, @Nullable String chosen) {
        nameEn = english;
        nameZh = chinese;
        position = place;
        picture = chosen == null ? picture : chosen;
    }

    CategoryView view() {
        return new CategoryView(Objects.requireNonNull(id), slug, nameEn, nameZh, picture, position);
    }
}
