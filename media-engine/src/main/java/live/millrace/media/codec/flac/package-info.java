// SPDX-License-Identifier: Apache-2.0
/**
 * FLAC (RFC 9639): STREAMINFO and frame headers.
 */
@NullMarked
package live.millrace.media.codec.flac;

import org.jspecify.annotations.NullMarked;
