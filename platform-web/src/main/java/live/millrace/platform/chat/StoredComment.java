// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A comment as it is kept, for those who keep order.
 *
 * @param author a user name; empty when the account is gone
 */
public record StoredComment(
        long channelId, long seq, @Nullable Long accountId, String author, String text, Instant at, boolean removed) {}
