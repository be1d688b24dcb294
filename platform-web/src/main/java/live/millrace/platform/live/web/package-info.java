// SPDX-License-Identifier: Apache-2.0
/** Pictures of running streams. */
@NullMarked
package live.millrace.platform.live.web;

import org.jspecify.annotations.NullMarked;
