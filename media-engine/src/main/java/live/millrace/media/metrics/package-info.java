// SPDX-License-Identifier: Apache-2.0
/** Binds what the other packages count to Micrometer. Used by {@code server} alone. */
@NullMarked
package live.millrace.media.metrics;

import org.jspecify.annotations.NullMarked;
