// SPDX-License-Identifier: Apache-2.0
/** Orders, challenges, what is kept, and when it is renewed. */
@NullMarked
package live.millrace.platform.https.internal;

import org.jspecify.annotations.NullMarked;
