// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** Somebody follows a channel, or follows it no more. */
public record FollowersChanged(long channelId, long accountId, boolean follows) {}
