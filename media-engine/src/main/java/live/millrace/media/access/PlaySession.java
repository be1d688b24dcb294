// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.time.Instant;
import java.util.Optional;

/**
 * A play session that was allowed and goes on.
 *
 * @param since when it began
 * @param seen when it asked for something last; now, while it holds a socket
 * @param identity who it is, as whoever allowed it calls them
 */
public record PlaySession(PlayAttempt attempt, Instant since, Instant seen, Optional<String> identity) {}
