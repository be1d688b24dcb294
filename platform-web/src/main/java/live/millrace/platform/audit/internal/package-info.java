// SPDX-License-Identifier: Apache-2.0
@NullMarked
package live.millrace.platform.audit.internal;

import org.jspecify.annotations.NullMarked;
