// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/**
 * What a channel says of itself and of its broadcasts.
 *
 * @param about what is told about the channel
 */
public record Description(String about, BroadcastInfo broadcast) {}
