// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** An account may more or less than before. */
public record RoleChanged(long accountId, String username) {}
