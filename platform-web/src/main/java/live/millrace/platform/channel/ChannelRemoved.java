// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A channel is no more, with its keys, followers and messages; its owner took it away, or is gone. Told before its row goes. */
public record ChannelRemoved(long channelId, long accountId, String name) {}
