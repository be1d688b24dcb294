// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * One thing to be done.
 *
 * @param attempts how often it was tried in vain
 */
public record Delivery(long id, String kind, String target, JsonNode body, int attempts, Instant madeAt) {}
