// SPDX-License-Identifier: Apache-2.0
/**
 * Who people are: registration, names, passwords, roles, suspension. Others ask {@link live.millrace.platform.account.Accounts}
 * and hear its events.
 */
@ApplicationModule(allowedDependencies = {"shared", "shared :: web", "audit", "delivery", "site"})
@NullMarked
package live.millrace.platform.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
