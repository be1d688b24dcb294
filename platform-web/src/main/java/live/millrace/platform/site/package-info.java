// SPDX-License-Identifier: Apache-2.0
/** What admins set in the web: settings with a type and bounds, announcements, maintenance. */
@ApplicationModule(allowedDependencies = {"shared", "shared :: web", "audit"})
@NullMarked
package live.millrace.platform.site;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
