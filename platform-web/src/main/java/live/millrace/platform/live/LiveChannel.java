// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.audience.Access;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's page shows of its broadcast, and the message that keeps it so.
 *
 * @param type tells the page what this is
 * @param startedAt when it went live; null while it is not
 * @param pictureInMillis how long a new viewer waits for a picture; 0 when it is not known, null when there is one at once
 * @param access how whoever is told may watch: {@code open} by the plain address, also where there is nothing to watch; {@code ticket} by
 *     one that this page was given; else what is needed first: {@code account}, {@code follow} or {@code password}
 * @param unseen the name of the picture's codec, if no browser shows it
 * @param unheard the name of the sound's codec, if no browser plays it
 * @param unplayable the names of all of its codecs, if no browser plays any of them; else empty
 */
public record LiveChannel(
        String type,
        String channel,
        LiveState state,
        String access,
        @Nullable String broadcastId,
        @Nullable Instant startedAt,
        boolean audioOnly,
        @Nullable Long pictureInMillis,
        @Nullable String unseen,
        @Nullable String unheard,
        List<String> unplayable,
        String displayName,
        String title,
        @Nullable CategoryView category,
        List<String> tags,
        String language,
        boolean mature,
        int followers,
        int viewers) {

    /** A channel and its stream, if there is one. */
    public static LiveChannel of(ChannelView channel, @Nullable LiveView live) {
        return new LiveChannel(
                "channel",
                channel.name(),
                live == null ? LiveState.OFFLINE : live.state(),
                channel.visibility().open() ? "open" : "ticket",
                live == null ? null : live.broadcastId().toString(),
                live == null ? null : live.liveSince(),
                live != null && live.audioOnly(),
                live == null ? null : live.pictureInMillis(),
                live == null ? null : live.unseen(),
                live == null ? null : live.unheard(),
                live == null ? List.of() : live.unplayable(),
                channel.displayName(),
                channel.displayTitle(),
                channel.category(),
                channel.tags(),
                channel.language(),
                channel.mature(),
                channel.followers(),
                live == null ? 0 : live.viewers());
    }

    /** What somebody hears who may not see a channel's broadcasts. Of one that is hidden from them it is what is heard of one that is off. */
    public static LiveChannel withheld(ChannelView channel, Access access) {
        ChannelView shown = channel.withheld();
        return new LiveChannel(
                "channel",
                shown.name(),
                LiveState.OFFLINE,
                access == Access.HIDDEN ? "open" : access.name().toLowerCase(Locale.ROOT),
                null,
                null,
                false,
                null,
                null,
                null,
                List.of(),
                shown.displayName(),
                shown.displayTitle(),
                null,
                shown.tags(),
                shown.language(),
                false,
                shown.followers(),
                0);
    }
}
