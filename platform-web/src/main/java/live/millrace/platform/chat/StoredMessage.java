// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is kept, for moderators.
 *
 * @param author a user name; empty when the account is gone
 */
public record StoredMessage(
        long channelId, long seq, @Nullable Long accountId, String author, String text, Instant at, boolean removed) {}
