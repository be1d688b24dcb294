// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.shared.Hues;
import org.jspecify.annotations.Nullable;

/**
 * A channel as other features see it.
 *
 * @param own whether it is the one of its owner's name, which is made and goes with the account
 * @param displayName what its owner is called; the name when they chose nothing else
 * @param avatar a picture's name
 * @param banner a picture's name
 * @param hue of its avatar, a step of {@link Hues}; null where it has none
 * @param tags normalised by {@link Tags}
 * @param language of the stream, {@code en} or {@code zh}; empty when it was not said
 * @param mature not for everybody
 * @param hidden whether the site has lists and search leave it out
 * @param visibility who may see its broadcasts
 * @param lastLiveAt when it was last on air: its begin while it is, its end after that
 */
public record ChannelView(
        long id,
        long accountId,
        boolean own,
        String name,
        String displayName,
        String title,
        String description,
        @Nullable String avatar,
        @Nullable String banner,
        @Nullable Integer hue,
        @Nullable CategoryView category,
        List<String> tags,
        String language,
        boolean mature,
        int followers,
        boolean hidden,
        Visibility visibility,
        @Nullable Instant lastLiveAt) {
    /** Whether lists, search, feeds and counts may show that it is live. */
    public boolean listed() {
        return !hidden && visibility.listed();
    }

    /** The same for whoever may not see its broadcasts: nothing is told of any. */
    public ChannelView withheld() {
        return new ChannelView(
                id,
                accountId,
                own,
                name,
                displayName,
                "",
                description,
                avatar,
                banner,
                hue,
                null,
                List.of(),
                "",
                false,
                followers,
                hidden,
                visibility,
                null);
    }

    /** What to call it where a title is wanted. */
    public String displayTitle() {
        return title.isBlank() ? displayName : title;
    }

    /** The classes of whatever bears its colour: that of its avatar, else one from its name. */
    public String hueClass() {
        return "own " + (hue == null ? Hues.INSTANCE.of(displayName) : Hues.INSTANCE.className(hue));
    }

    /** The name that nobody else has, where the display name alone could mislead. */
    public boolean renamed() {
        return !displayName.equalsIgnoreCase(name);
    }
}
