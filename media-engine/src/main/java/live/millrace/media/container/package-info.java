// SPDX-License-Identifier: Apache-2.0
/**
 * Byte layouts that carry frames. No sockets, threads, clocks or logs; containers do not know each other.
 */
@NullMarked
package live.millrace.media.container;

import org.jspecify.annotations.NullMarked;
