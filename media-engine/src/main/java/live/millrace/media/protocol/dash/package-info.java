// SPDX-License-Identifier: Apache-2.0
/**
 * MPEG-DASH manifests as text (ISO/IEC 23009-1). Values in, text out; no sockets, no segments.
 */
@NullMarked
package live.millrace.media.protocol.dash;

import org.jspecify.annotations.NullMarked;
