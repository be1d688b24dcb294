// SPDX-License-Identifier: Apache-2.0
/**
 * The composition root: event loops, listeners, wiring, shutdown. Everything is assembled here; nothing imports it. The entry
 * type is {@link live.millrace.media.server.MediaEngine}.
 */
@NullMarked
package live.millrace.media.server;

import org.jspecify.annotations.NullMarked;
