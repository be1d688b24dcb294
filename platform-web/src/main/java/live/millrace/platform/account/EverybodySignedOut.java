// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * All sessions of the site end.
 *
 * @param accountId of whoever said so; theirs go on
 */
public record EverybodySignedOut(long accountId, String username) {}
