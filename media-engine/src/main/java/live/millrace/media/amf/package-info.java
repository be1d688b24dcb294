// SPDX-License-Identifier: Apache-2.0
/**
 * AMF0 and AMF3 values, as RTMP commands and FLV script data carry them: a closed set of plain immutable values. Nothing a
 * peer names is ever instantiated. The entry types are {@link live.millrace.media.amf.Amf0Reader} and
 * {@link live.millrace.media.amf.Amf0Writer}.
 */
@NullMarked
package live.millrace.media.amf;

import org.jspecify.annotations.NullMarked;
