// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account was made. Published inside the transaction that makes it. */
public record AccountRegistered(long accountId, String username) {}
