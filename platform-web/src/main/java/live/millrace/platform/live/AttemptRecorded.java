// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import org.jspecify.annotations.Nullable;

/**
 * The connection log has a new line.
 *
 * @param channelId null when the key belongs to nobody
 */
public record AttemptRecorded(@Nullable Long channelId, String remote) {}
