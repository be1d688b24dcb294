// SPDX-License-Identifier: Apache-2.0
/** Pages and addresses by which people find channels. */
@NullMarked
package live.millrace.platform.directory.web;

import org.jspecify.annotations.NullMarked;
