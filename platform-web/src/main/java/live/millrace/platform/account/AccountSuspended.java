// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account may no longer sign in or publish. */
public record AccountSuspended(long accountId, String username) {}
