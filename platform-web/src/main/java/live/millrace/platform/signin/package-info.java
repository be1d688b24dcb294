// SPDX-License-Identifier: Apache-2.0
/** What proves somebody beside a password: passkeys, authenticator apps, recovery codes, other services. The log-in itself asks here. */
@ApplicationModule(allowedDependencies = {"shared", "shared :: web", "account", "audit", "notification", "site"})
@NullMarked
package live.millrace.platform.signin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
