// SPDX-License-Identifier: Apache-2.0
/**
 * What is inside a frame: what tells one codec from the others, and below one package for each of them. No sockets, no clocks, no logs.
 */
@NullMarked
package live.millrace.media.codec;

import org.jspecify.annotations.NullMarked;
