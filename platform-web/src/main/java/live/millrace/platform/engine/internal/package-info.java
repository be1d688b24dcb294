// SPDX-License-Identifier: Apache-2.0
/** The engine's adapters. */
@NullMarked
package live.millrace.platform.engine.internal;

import org.jspecify.annotations.NullMarked;
