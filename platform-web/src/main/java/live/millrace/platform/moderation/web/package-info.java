// SPDX-License-Identifier: Apache-2.0
/** Forms for those who report, and for those who were judged. */
@NullMarked
package live.millrace.platform.moderation.web;

import org.jspecify.annotations.NullMarked;
