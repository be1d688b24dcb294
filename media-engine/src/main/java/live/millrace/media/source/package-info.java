// SPDX-License-Identifier: Apache-2.0
/** Streams that nobody sends: where they are fetched from, when, and how that goes. */
@NullMarked
package live.millrace.media.source;

import org.jspecify.annotations.NullMarked;
