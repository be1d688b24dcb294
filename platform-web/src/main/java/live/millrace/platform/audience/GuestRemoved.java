// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

/** A guest is on a channel's list no more. Published in the transaction that removes. */
public record GuestRemoved(long channelId, long guestId) {}
