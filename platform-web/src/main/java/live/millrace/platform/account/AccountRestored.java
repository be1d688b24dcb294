// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** A suspension is over. */
public record AccountRestored(long accountId, String username) {}
