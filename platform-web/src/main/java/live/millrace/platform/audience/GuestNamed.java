// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

/** Somebody was put onto a channel's list of guests by its owner, and does not know. Published in the transaction that does it. */
public record GuestNamed(long channelId, long accountId) {}
