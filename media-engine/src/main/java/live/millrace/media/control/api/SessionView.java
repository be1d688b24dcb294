// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.util.UUID;

/**
 * One session in JSON.
 *
 * @param kind {@code publish} or {@code play}
 * @param client what the encoder or player calls itself
 * @param since ISO 8601
 */
record SessionView(
        UUID id,
        String kind,
        String protocol,
        String application,
        String channel,
        String remoteAddress,
        String client,
        String since) {}
