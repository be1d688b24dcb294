// SPDX-License-Identifier: Apache-2.0
/** Streams that are fetched by SRT: we call, and ask for what the address names. */
@NullMarked
package live.millrace.media.source.srt;

import org.jspecify.annotations.NullMarked;
