// SPDX-License-Identifier: Apache-2.0
/** Tables behind channels and stream keys. */
@NullMarked
package live.millrace.platform.channel.internal;

import org.jspecify.annotations.NullMarked;
