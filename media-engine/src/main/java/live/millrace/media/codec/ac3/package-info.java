// SPDX-License-Identifier: Apache-2.0
/**
 * AC-3 and Enhanced AC-3 (ETSI TS 102 366): synchronisation frames.
 */
@NullMarked
package live.millrace.media.codec.ac3;

import org.jspecify.annotations.NullMarked;
