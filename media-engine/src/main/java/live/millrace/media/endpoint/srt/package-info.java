// SPDX-License-Identifier: Apache-2.0
/** SRT: publishers and players. */
@NullMarked
package live.millrace.media.endpoint.srt;

import org.jspecify.annotations.NullMarked;
