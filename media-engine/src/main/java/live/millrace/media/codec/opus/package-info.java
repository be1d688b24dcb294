// SPDX-License-Identifier: Apache-2.0
/**
 * Opus (RFC 6716, RFC 7845): the identification header and packet durations.
 */
@NullMarked
package live.millrace.media.codec.opus;

import org.jspecify.annotations.NullMarked;
