// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A channel is described otherwise, looks otherwise or has another name to be called by. */
public record ChannelEdited(long channelId, String name) {}
