// SPDX-License-Identifier: Apache-2.0
/**
 * STUN (RFC 8489) as far as a lite agent of ICE needs it (RFC 8445 §7.3): binding requests are read and proven, and answered. Messages
 * without sockets, clocks and memory.
 */
@NullMarked
package live.millrace.media.protocol.stun;

import org.jspecify.annotations.NullMarked;
