// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** Others may see a channel's broadcasts from now on, or fewer. */
public record ChannelVisibilityChanged(long channelId, String name, Visibility visibility) {}
