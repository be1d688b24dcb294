// SPDX-License-Identifier: Apache-2.0
/**
 * What H.264 and H.265 share: length-prefixed NAL units (ISO/IEC 14496-15) and emulation prevention.
 */
@NullMarked
package live.millrace.media.codec.nal;

import org.jspecify.annotations.NullMarked;
