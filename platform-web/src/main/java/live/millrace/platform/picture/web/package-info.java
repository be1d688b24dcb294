// SPDX-License-Identifier: Apache-2.0
/** Serves pictures. */
@NullMarked
package live.millrace.platform.picture.web;

import org.jspecify.annotations.NullMarked;
