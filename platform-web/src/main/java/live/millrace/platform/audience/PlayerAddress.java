// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.time.Instant;

/**
 * An address for a player elsewhere that somebody may watch a channel by.
 *
 * @param name what whoever made it calls it
 * @param bearer who made it
 * @param until when it ends; with the broadcast if that is earlier and no camera's
 * @param used whether somebody watches by it
 */
public record PlayerAddress(long id, String name, String bearer, Instant until, boolean used) {}
