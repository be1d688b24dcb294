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
 * @param allowed run when it is known how it went, for a line that waited and was allowed; it waits on until it is stored
 */
record Draft(
        Room room,
        long accountId,
        UUID clientId,
        String text,
        @Nullable Long replyTo,
        Instant at,
        @Nullable Page page,
        @Nullable Runnable allowed) {
    /** What makes two drafts the same line: a page that sends one again chooses no new id. */
    record Id(long accountId, UUID clientId) {}

    Id id() {
        return new Id(accountId, clientId);
    }
}
