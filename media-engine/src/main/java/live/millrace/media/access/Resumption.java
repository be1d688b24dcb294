// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.time.Instant;
import java.util.UUID;

/**
 * A broadcast that began in another process and goes on in this one, as players know it.
 *
 * @param broadcast names it
 * @param startedAt when its first publisher came
 * @param firstMedia the lowest media sequence number that its segments may have from here on (RFC 8216 §6.2.2)
 * @param firstDiscontinuity the same for discontinuity sequence numbers
 */
public record Resumption(UUID broadcast, Instant startedAt, long firstMedia, long firstDiscontinuity) {}
