// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.io.Serializable;

/**
 * One who was invited to a channel and came.
 *
 * @param id of the row on the channel's list
 * @param name as they called themselves; the user name of who has an account
 */
public record Guest(long id, long channelId, String name) implements Serializable {}
