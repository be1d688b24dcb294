// SPDX-License-Identifier: Apache-2.0
/** Checks pictures, encodes them anew and keeps them; the table that knows their files. */
@NullMarked
package live.millrace.platform.picture.internal;

import org.jspecify.annotations.NullMarked;
