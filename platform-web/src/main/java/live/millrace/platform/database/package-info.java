// SPDX-License-Identifier: Apache-2.0
/**
 * A real PostgreSQL where none is configured: unpacked, initialised, started and stopped with the site. No other module knows
 * of it; they see a data source.
 */
@ApplicationModule(allowedDependencies = "shared")
@NullMarked
package live.millrace.platform.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
