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
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Read and inserted whole; what changes is written by narrow statements, so that nobody writes away what another just wrote. */
@Entity
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

    @Nullable
    String avatar() {
        return avatar;
    }

    @Nullable
    String banner() {
        return banner;
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
