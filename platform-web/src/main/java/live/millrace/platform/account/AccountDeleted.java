// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account is gone, with its channel. Published inside the transaction that removes it. */
public record AccountDeleted(long accountId, String username) {}
