// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Instant;

/**
 * Somebody who watches by a ticket.
 *
 * @param ticket its SHA-256 in hexadecimal digits
 * @param remote the address that it is used from
 * @param protocol in lower case
 */
public record TicketUse(String ticket, String remote, String protocol, Instant since) {}
