// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A stream key may publish no longer; whoever publishes with it has to go. */
public record StreamKeyRevoked(long channelId, long keyId) {}
