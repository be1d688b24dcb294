// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * Somebody wants what else opens their account or channels to open it no longer. Heard in the transaction that says so.
 *
 * @param tokens those of programs
 * @param keys those of encoders, whose streams end
 */
public record CredentialsGivenUp(long accountId, boolean tokens, boolean keys) {}
