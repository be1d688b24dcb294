// SPDX-License-Identifier: Apache-2.0
/** Comments below videos: the table, what may be written there, how a page shows them. Known to nobody but {@code chat}. */
@NullMarked
package live.millrace.platform.chat.internal.below;

import org.jspecify.annotations.NullMarked;
