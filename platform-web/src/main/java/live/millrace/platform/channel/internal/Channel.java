// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A channel. Changed while its row is locked, see {@code JpaChannels}; when it was on air, and its followers, are written beside it. */
@Entity
@DynamicUpdate
class Channel {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private int version;

    private long accountId;
    private String name;

    @Column(updatable = false)
    private boolean own;

    private String displayName = "";

    @SuppressWarnings("UnusedVariable") // written here and compared in the database
    private @Nullable String displaySkeleton;

    private String title = "";
    private String description = "";
    private @Nullable String avatar;
    private @Nullable String banner;
    private @Nullable Integer hue;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "category_id")
    private @Nullable Category category;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private String[] tags = {};

    private String language = "";
    private boolean mature;

    @Column(insertable = false, updatable = false)
    private int followers;

    @Column(updatable = false)
    private @Nullable Instant lastLiveAt;

    private @Nullable Instant hiddenAt;

    @Enumerated(EnumType.STRING)
    private Visibility visibility = Visibility.PUBLIC;

    @Enumerated(EnumType.STRING)
    private @Nullable Visibility visibilityAfter;

    private @Nullable String titleAfter;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "category_after_id")
    private @Nullable Category categoryAfter;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private String @Nullable [] tagsAfter;

    private @Nullable String languageAfter;
    private @Nullable Boolean matureAfter;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Channel() {}

    /** @param own whether it is the one of the account's name */
    Channel(long accountId, String name, boolean own) {
        this.accountId = accountId;
        this.name = name;
        this.own = own;
    }

    boolean own() {
        return own;
    }

    String name() {
        return name;
    }

    long accountId() {
        return accountId;
    }

    void describe(String about, @Nullable Category chosen, String[] chosenTags, String spoken, boolean forAdults) {
        title = about;
        category = chosen;
        tags = chosenTags;
        language = spoken;
        mature = forAdults;
    }

    void retitle(String about) {
        title = about;
    }

    void edit(String text) {
        description = text;
    }

    /** @param skeleton compared with those of others; null for one who is called by the user name */
    void rename(String shown, @Nullable String skeleton) {
        displayName = shown;
        displaySkeleton = skeleton;
    }

    /** Answers the picture before it. */
    @Nullable
    String showAvatar(@Nullable String picture, @Nullable Integer itsHue) {
        String before = avatar;
        avatar = picture;
        hue = itsHue;
        return before;
    }

    /** Answers the picture before it. */
    @Nullable
    String showBanner(@Nullable String picture) {
        String before = banner;
        banner = picture;
        return before;
    }

    void hide(@Nullable Instant at) {
        hiddenAt = at;
    }

    Visibility visibility() {
        return visibility;
    }

    /** Null while it is for good. */
    @Nullable
    Visibility visibilityAfter() {
        return visibilityAfter;
    }

    void show(Visibility to) {
        visibility = to;
        visibilityAfter = null;
        forget();
    }

    /** What is said of it now is said again when that is over, unless what was said before is to come back already. */
    void showOnce(Visibility to) {
        Visibility forGood = visibilityAfter == null ? visibility : visibilityAfter;
        if (to == forGood) {
            show(to);
            return;
        }
        if (visibilityAfter == null) {
            titleAfter = title;
            categoryAfter = category;
            tagsAfter = tags.clone();
            languageAfter = language;
            matureAfter = mature;
        }
        visibility = to;
        visibilityAfter = forGood;
    }

    /** Goes back to what it was for good. Of what nobody kept nothing is said: what is said now was for others. */
    void over(Visibility after) {
        describe(
                titleAfter == null ? "" : titleAfter,
                categoryAfter,
                tagsAfter == null ? new String[] {} : tagsAfter,
                languageAfter == null ? language : languageAfter,
                matureAfter == null ? mature : matureAfter);
        show(after);
    }

    private void forget() {
        titleAfter = null;
        categoryAfter = null;
        tagsAfter = null;
        languageAfter = null;
        matureAfter = null;
    }

    ChannelView view() {
        return new ChannelView(
                Objects.requireNonNull(id),
                accountId,
                own,
                name,
                displayName.isEmpty() ? name : displayName,
                title,
                description,
                avatar,
                banner,
                hue,
                category == null ? null : category.view(),
                List.of(tags),
                language,
                mature,
                followers,
                hiddenAt != null,
                visibility,
                lastLiveAt);
    }
}
