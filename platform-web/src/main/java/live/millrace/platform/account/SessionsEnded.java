// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * Somebody ended sessions of theirs that were elsewhere.
 *
 * @param everywhere whether all others ended: what else remembers browsers forgets them too
 */
public record SessionsEnded(long accountId, String username, boolean everywhere) {}
