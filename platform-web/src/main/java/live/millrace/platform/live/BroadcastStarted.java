// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import java.util.UUID;

/**
 * A broadcast can be watched. Published once for each, when its first segment is there.
 *
 * @param fetched nobody sends it: it is there whenever somebody looks, which is no news
 */
public record BroadcastStarted(
        long broadcastId, UUID engineId, long channelId, String channel, Instant liveAt, boolean fetched) {}
