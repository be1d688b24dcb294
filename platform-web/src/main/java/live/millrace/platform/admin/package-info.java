// SPDX-License-Identifier: Apache-2.0
/** The operator's pages. Composes other features, owns no tables. */
@ApplicationModule(
        allowedDependencies = {"shared", "shared :: web", "account", "channel", "engine", "live", "picture", "socket"})
@NullMarked
package live.millrace.platform.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
