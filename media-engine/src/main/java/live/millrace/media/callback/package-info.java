// SPDX-License-Identifier: Apache-2.0
/**
 * The engine's questions and events as HTTP callbacks, in the contracts that people's servers already answer. The entry type is
 * {@link live.millrace.media.callback.HttpCallbacks}.
 */
@NullMarked
package live.millrace.media.callback;

import org.jspecify.annotations.NullMarked;
