// SPDX-License-Identifier: Apache-2.0
/**
 * The load bench: an engine and nginx with its RTMP module side by side on loopback, the server on one core and the load on another.
 * The entry type is {@link live.millrace.bench.load.LoadBench}.
 */
@NullMarked
package live.millrace.bench.load;

import org.jspecify.annotations.NullMarked;
