// SPDX-License-Identifier: Apache-2.0
/**
 * FLV tag bodies (Adobe FLV 10.1 annex E, Enhanced RTMP v2), as files and RTMP messages carry them, to frames.
 */
@NullMarked
package live.millrace.media.container.flv;

import org.jspecify.annotations.NullMarked;
