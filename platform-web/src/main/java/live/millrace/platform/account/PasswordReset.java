// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account has another password, by a link that was mailed: nobody who was in stays in. */
public record PasswordReset(long accountId, String username) {}
