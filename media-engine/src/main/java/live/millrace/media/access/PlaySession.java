// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.time.Instant;

/**
 * A play session that was allowed and goes on.
 *
 * @param since when it began
 */
public record PlaySession(PlayAttempt attempt, Instant since) {}
