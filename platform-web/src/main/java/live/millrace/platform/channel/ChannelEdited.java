// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A channel has another title or description. */
public record ChannelEdited(long channelId, String name) {}
