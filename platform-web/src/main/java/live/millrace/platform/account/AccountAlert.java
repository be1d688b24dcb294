// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * Something happened to an account that its owner should know.
 *
 * @param from which browser, and from which network, as people read it; empty where that is not known
 */
public record AccountAlert(long accountId, AccountAlerts.Kind kind, String from) {}
