// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.picture.Palette;
import org.jspecify.annotations.Nullable;

/**
 * A live channel in lists.
 *
 * @param fetched it is on because somebody watches: whatever plays it by itself keeps it on
 * @param thumbnail the address of a picture of the last half minute; null where there is none
 * @param palette the hues of that picture; null where it has none
 */
public record LiveCard(
        ChannelView channel,
        int viewers,
        boolean audioOnly,
        Instant startedAt,
        boolean fetched,
        @Nullable String thumbnail,
        @Nullable Palette palette) {
    /** The classes that paint its picture's light around it; empty where there is none. */
    public String glowClasses() {
        return palette == null ? "" : "glow glow-a-" + palette.first() + " glow-b-" + palette.second();
    }
}
