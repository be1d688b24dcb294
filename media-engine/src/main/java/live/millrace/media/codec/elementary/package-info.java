// SPDX-License-Identifier: Apache-2.0
/**
 * Elementary streams as the systems layer of MPEG carries them (ISO/IEC 13818-1): Annex B, ADTS, LATM, frames of sound one behind the
 * other, and the heads of the PES packets they come in. Here bytes in any cuts become access units in the engine's own form; containers
 * ask {@link live.millrace.media.codec.elementary.ElementaryStreams} and know no codec.
 */
@NullMarked
package live.millrace.media.codec.elementary;

import org.jspecify.annotations.NullMarked;
