// SPDX-License-Identifier: Apache-2.0
/**
 * Programs of others that work for the engine, as its children: what it cannot do itself, like decoding a picture. A child reads what it is
 * handed and is gone with the engine. Knows no format and no stream; {@link live.millrace.media.child.Children} runs them.
 */
@NullMarked
package live.millrace.media.child;

import org.jspecify.annotations.NullMarked;
