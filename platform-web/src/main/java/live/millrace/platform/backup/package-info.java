// SPDX-License-Identifier: Apache-2.0
/**
 * The whole site in one file, taken while it runs, put back elsewhere, and proved to be whole. Needs no program besides this one, and
 * holds for the server inside and for any other PostgreSQL (ADR 62).
 */
@ApplicationModule(allowedDependencies = {"shared", "database", "delivery", "site"})
@NullMarked
package live.millrace.platform.backup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
