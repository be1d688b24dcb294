// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import live.millrace.platform.engine.LiveState;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's page shows of its broadcast, and the message that keeps it so.
 *
 * @param type tells the page what this is
 * @param startedAt when it went live; null while it is not
 */
public record LiveChannel(
        String type,
        String channel,
        LiveState state,
        @Nullable String broadcastId,
        @Nullable Instant startedAt,
        boolean audioOnly,
        String title,
        int viewers) {}
