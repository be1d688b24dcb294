// SPDX-License-Identifier: Apache-2.0
/**
 * Finds a site that answers nobody, says so, and ends it where an operator wants that. Knows no feature: it counts requests and
 * answers, and asks for a page like anybody.
 */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package live.millrace.platform.watchdog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
