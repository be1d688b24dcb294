// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account may not go on air. */
public record StreamingSuspended(long accountId, String username) {}
