// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

/** An address that lets one person watch a channel was used from more networks than one person has. */
public record TicketSpread(long channelId) {}
