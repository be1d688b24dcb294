// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a connection log.
 *
 * @param outcome PUBLISHED, REFUSED or ENDED
 * @param cause of a refusal or an end, by name; null when it began
 * @param remote the peer's address, its last part hidden
 */
public record AttemptView(
        Instant at,
        String outcome,
        @Nullable String cause,
        @Nullable String keyName,
        @Nullable String keyPrefix,
        String encoder,
        String remote) {}
