// SPDX-License-Identifier: Apache-2.0
/** Tables and files behind cases: reports, evidence, decisions, what decisions did. */
@NullMarked
package live.millrace.platform.moderation.internal;

import org.jspecify.annotations.NullMarked;
