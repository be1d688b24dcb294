// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Description;
import live.millrace.platform.channel.StreamLanguages;
import live.millrace.platform.channel.Tags;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What owners write about their channels, from a form or from a program: the same rules for both. */
@Component
class Descriptions {
    /** More than ten tags, and whatever separates them. */
    private static final int MAX_TYPED = 1_000;

    private final Channels channels;
    private final Categories categories;

    Descriptions(Channels channels, Categories categories) {
        this.channels = channels;
        this.categories = categories;
    }

    /** What broadcasts may be about. */
    List<CategoryView> categories() {
        return categories.all();
    }

    /** A title stands in one line. */
    static String oneLine(String title) {
        return title.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /** Why one of them cannot be what it says, as a message key; null stands for what does not change. */
    Optional<String> refusal(@Nullable String title, @Nullable String description) {
        if (title != null && oneLine(title).length() > Channels.MAX_TITLE) {
            return Optional.of("studio.channel.title.length");
        }
        boolean tooLong = description != null && unified(description).length() > Channels.MAX_DESCRIPTION;
        return tooLong ? Optional.of("studio.channel.description.length") : Optional.empty();
    }

    /** As pages send it, with the line ends of one kind. */
    private static String unified(String description) {
        return description.replace("\r\n", "\n").strip();
    }

    /**
     * Changes what a channel's broadcasts are about; what is not known of category and language is left out.
     *
     * @return a message key when it cannot be that
     */
    Optional<String> describe(
            ChannelView channel, String title, String category, List<String> tags, String language, boolean mature) {
        Optional<String> refusal = refusal(title, null);
        if (refusal.isPresent()) {
            return refusal;
        }
        channels.describe(
                channel.id(),
                new BroadcastInfo(
                        oneLine(title),
                        categories.find(category).map(CategoryView::id).orElse(null),
                        Tags.parse(WellFormed.cut(String.join(",", tags), MAX_TYPED)),
                        StreamLanguages.known(language) ? language : "",
                        mature));
        return Optional.empty();
    }

    /** Changes what a program says and nothing else, all of it or nothing; answers a message key when it cannot be that. */
    Optional<String> change(ChannelView channel, DescriptionEdit edit) {
        Optional<String> refusal = refusal(edit.title(), edit.description());
        if (refusal.isPresent()) {
            return refusal;
        }
        String slug = edit.category();
        Long category = slug == null || slug.isEmpty()
                ? null
                : categories.find(slug).map(CategoryView::id).orElse(null);
        if (slug != null && !slug.isEmpty() && category == null) {
            return Optional.of("studio.channel.category.unknown");
        }
        List<String> wanted = edit.tags();
        List<String> tags = wanted == null ? null : Tags.parse(WellFormed.cut(String.join(",", wanted), MAX_TYPED));
        channels.redescribe(channel.id(), now -> {
            BroadcastInfo before = now.broadcast();
            return new Description(
                    edit.description() == null ? now.about() : unified(edit.description()),
                    new BroadcastInfo(
                            edit.title() == null ? before.title() : oneLine(edit.title()),
                            slug == null ? before.categoryId() : category,
                            tags == null ? before.tags() : tags,
                            edit.language() == null
                                    ? before.language()
                                    : StreamLanguages.known(edit.language()) ? edit.language() : "",
                            edit.mature() == null ? before.mature() : edit.mature()));
        });
        return Optional.empty();
    }

    /** Changes what is told about a channel; answers a message key when it is too long. */
    Optional<String> edit(ChannelView channel, String description) {
        Optional<String> refusal = refusal(null, description);
        if (refusal.isEmpty()) {
            channels.edit(channel.id(), unified(description));
        }
        return refusal;
    }
}
