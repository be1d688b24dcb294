// SPDX-License-Identifier: Apache-2.0
/** What a message says: harmless text, its tokens, words that are not wanted. */
@NullMarked
package live.millrace.platform.chat.internal.text;

import org.jspecify.annotations.NullMarked;
