// SPDX-License-Identifier: Apache-2.0
/** Tables behind the queue and recurring work, and the workers that do both. */
@NullMarked
package live.millrace.platform.delivery.internal;

import org.jspecify.annotations.NullMarked;
