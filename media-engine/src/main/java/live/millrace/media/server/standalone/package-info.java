// SPDX-License-Identifier: Apache-2.0
/**
 * The engine as a server of its own: its command line, its settings file, its keys and its life. The entry type is
 * {@link live.millrace.media.server.standalone.EngineMain}.
 */
@NullMarked
package live.millrace.media.server.standalone;

import org.jspecify.annotations.NullMarked;
