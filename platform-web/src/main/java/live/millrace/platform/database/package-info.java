// SPDX-License-Identifier: Apache-2.0
/**
 * A real PostgreSQL where none is configured: unpacked, initialised, started and stopped with the site, and started again when it
 * ends by itself. Whether a database is away, that one or another. No other module knows of it; they see a data source, and
 * {@link live.millrace.platform.shared.DatabaseState}.
 */
@ApplicationModule(allowedDependencies = "shared")
@NullMarked
package live.millrace.platform.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
