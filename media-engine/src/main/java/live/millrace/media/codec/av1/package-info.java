// SPDX-License-Identifier: Apache-2.0
/**
 * AV1 (AV1 bitstream specification, AV1 in ISO base media): the configuration record and the sequence header.
 */
@NullMarked
package live.millrace.media.codec.av1;

import org.jspecify.annotations.NullMarked;
