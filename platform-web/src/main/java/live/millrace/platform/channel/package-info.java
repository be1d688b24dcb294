// SPDX-License-Identifier: Apache-2.0
/** A broadcaster's page and the keys that may publish to it. */
@ApplicationModule(allowedDependencies = {"shared", "account", "audit", "picture", "site"})
@NullMarked
package live.millrace.platform.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
