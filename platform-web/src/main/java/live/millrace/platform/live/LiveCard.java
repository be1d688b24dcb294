// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;

/**
 * A live channel in lists.
 *
 * @param thumbnail the address of a picture of the last half minute; null where there is none
 */
public record LiveCard(
        ChannelView channel,
        int viewers,
        boolean audioOnly,
        Instant startedAt,
        @Nullable String thumbnail) {}
