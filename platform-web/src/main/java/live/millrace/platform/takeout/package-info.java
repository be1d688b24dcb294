// SPDX-License-Identifier: Apache-2.0
/**
 * What the site knows of somebody, written out for them, and what they bring from elsewhere. Reads across the site's tables, as the console
 * does (ADR 27), and owns one.
 */
@ApplicationModule(allowedDependencies = {"shared", "account", "channel", "delivery"})
@NullMarked
package live.millrace.platform.takeout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
