// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Instant;
import java.util.UUID;
import live.millrace.platform.socket.Page;
import org.jspecify.annotations.Nullable;

/**
 * A line that was accepted and is not stored yet.
 *
 * @param page to be told how it went; null when it waited for somebody else
 */
record Draft(
        Room room,
        long accountId,
        UUID clientId,
        String text,
        @Nullable Long replyTo,
        Instant at,
        @Nullable Page page) {}
