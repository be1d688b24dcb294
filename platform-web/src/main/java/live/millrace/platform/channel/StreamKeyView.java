// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream key without its secret.
 *
 * @param prefix its public part
 * @param browser whether it is the one that browsers go on air with, see {@link BrowserKeys}
 * @param encrypted whether it has a passphrase, without which nobody publishes with it by SRT
 */
public record StreamKeyView(
        long id,
        long channelId,
        String name,
        String prefix,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable String lastEncoder,
        @Nullable Instant blockedUntil,
        boolean revoked,
        boolean browser,
        boolean encrypted) {}
