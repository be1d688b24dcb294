// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import java.util.UUID;

/**
 * A broadcast that another process left was waited for, and its encoder did not come: it is over. Published in the transaction that
 * writes it down.
 *
 * @param endedAt when it was last on air
 */
public record BroadcastLeft(long broadcastId, UUID engineId, long channelId, Instant endedAt) {}
