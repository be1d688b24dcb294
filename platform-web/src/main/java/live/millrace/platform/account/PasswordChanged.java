// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account has another password; its other sessions end. */
public record PasswordChanged(long accountId, String username) {}
