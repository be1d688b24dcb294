// SPDX-License-Identifier: Apache-2.0
/**
 * The codecs that the engine carries, found by what containers call them. The only package that knows them all.
 */
@NullMarked
package live.millrace.media.codec.table;

import org.jspecify.annotations.NullMarked;
