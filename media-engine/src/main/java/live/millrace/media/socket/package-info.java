// SPDX-License-Identifier: Apache-2.0
/**
 * What all listeners and connections do alike, whatever they speak: to accept sockets while descriptors are short, and to take answers on
 * the event loop. It knows no protocol.
 */
@NullMarked
package live.millrace.media.socket;

import org.jspecify.annotations.NullMarked;
