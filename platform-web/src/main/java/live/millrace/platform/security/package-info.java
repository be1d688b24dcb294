// SPDX-License-Identifier: Apache-2.0
/** Filter chains, password hashing, sessions, headers and limits. Nobody depends on it; it implements what others ask for. */
@ApplicationModule(allowedDependencies = {"shared", "shared :: web", "account", "delivery", "signin", "site"})
@NullMarked
package live.millrace.platform.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
