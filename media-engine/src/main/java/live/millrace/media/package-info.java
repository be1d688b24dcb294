// SPDX-License-Identifier: Apache-2.0
/**
 * The Millrace media engine: bytes go up one side, frames cross the hub, bytes go down the other.
 *
 * <p>Who may import whom is the table that {@code ArchitectureTest} holds. The entry point is {@code server.MediaEngine}.
 */
@NullMarked
package live.millrace.media;

import org.jspecify.annotations.NullMarked;
