// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * Sessions of somebody have ended: those that they ended elsewhere, or all, because what proves them was taken off.
 *
 * @param everywhere whether all others ended: what else remembers browsers forgets them too
 */
public record SessionsEnded(long accountId, String username, boolean everywhere) {}
