// SPDX-License-Identifier: Apache-2.0
/**
 * Whether there is a newer Millrace, from an address that the operator names; without one nobody is asked. What was answered is a row, which
 * {@link live.millrace.platform.updates.Updates} reads. Installs nothing.
 */
@ApplicationModule(allowedDependencies = {"shared", "audit", "delivery"})
@NullMarked
package live.millrace.platform.updates;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
