// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import live.millrace.platform.channel.ChannelView;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Written column by column, so that an edit never overwrites the count of followers with an older one. */
@Entity
@DynamicUpdate
class Channel {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private long accountId;
    private String name;
    private String displayName = "";

    @SuppressWarnings("UnusedVariable") // written here and compared in the database
    private @Nullable String displaySkeleton;

    private String title = "";
    private String description = "";
    private @Nullable String avatar;
    private @Nullable String banner;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "category_id")
    private @Nullable Category category;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private String[] tags = {};

    private String language = "";
    private boolean mature;

    @Column(insertable = false, updatable = false)
    private int followers;

    private @Nullable Instant lastLiveAt;
    private @Nullable Instant hiddenAt;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Channel() {}

    Channel(long accountId, String name) {
        this.accountId = accountId;
        this.name = name;
    }

    String name() {
        return name;
    }

    long accountId() {
        return accountId;
    }

    void describe(
            String newTitle,
            @Nullable Category newCategory,
            List<String> newTags,
            String newLanguage,
            boolean isMature) {
        title = newTitle;
        category = newCategory;
        tags = newTags.toArray(String[]::new);
        language = newLanguage;
        mature = isMature;
    }

    void edit(String newDescription) {
        description = newDescription;
    }

    void rename(String newName, @Nullable String skeleton) {
        displayName = newName;
        displaySkeleton = skeleton;
    }

    @Nullable
    String setAvatar(@Nullable String picture) {
        String before = avatar;
        avatar = picture;
        return before;
    }

    @Nullable
    String setBanner(@Nullable String picture) {
        String before = banner;
        banner = picture;
        return before;
    }

    void wentLive(Instant at) {
        lastLiveAt = at;
    }

    void hide(@Nullable Instant at) {
        hiddenAt = at;
    }

    ChannelView view() {
        return new ChannelView(
                Objects.requireNonNull(id),
                accountId,
                name,
                displayName.isEmpty() ? name : displayName,
                title,
                description,
                avatar,
                banner,
                category == null ? null : category.view(),
                List.of(tags),
                language,
                mature,
                followers,
                hiddenAt != null,
                lastLiveAt);
    }
}
