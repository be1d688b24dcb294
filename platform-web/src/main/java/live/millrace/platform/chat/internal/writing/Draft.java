// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.time.Instant;
import java.util.UUID;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.socket.Page;
import org.jspecify.annotations.Nullable;

/**
 * A message that was accepted and is not stored yet.
 *
 * @param page to be told how it went; null when it waited for somebody else
 * @param allowed run when it is known how it went, for a message that waited and was allowed; it waits on until it is stored
 */
public record Draft(
        Room room,
        Talker talker,
        UUID clientId,
        String text,
        @Nullable Long replyTo,
        Instant at,
        @Nullable Page page,
        @Nullable Runnable allowed) {
    /** What makes two drafts the same message: a page that sends one again chooses no new id. */
    record Id(Talker talker, UUID clientId) {}

    /** The number of the message that it answers, if all who read this may read that; null otherwise. */
    @Nullable
    Long answers() {
        return replyTo != null && replyTo > room.floor() ? replyTo : null;
    }

    Id id() {
        return new Id(talker, clientId);
    }
}
