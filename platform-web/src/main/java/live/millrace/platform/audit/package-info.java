// SPDX-License-Identifier: Apache-2.0
/** The log of what staff did and what private data they looked at. Rows are added and never changed; the database sees to that. */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package live.millrace.platform.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
