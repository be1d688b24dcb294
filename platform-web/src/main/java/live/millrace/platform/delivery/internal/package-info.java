// SPDX-License-Identifier: Apache-2.0
@NullMarked
package live.millrace.platform.delivery.internal;

import org.jspecify.annotations.NullMarked;
