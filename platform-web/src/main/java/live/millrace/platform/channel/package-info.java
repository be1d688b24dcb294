// SPDX-License-Identifier: Apache-2.0
/**
 * The channels of people, of which one account may have several: their faces, the keys that may publish to them, who follows them. And
 * who people are on pages, which their own channel says.
 */
@ApplicationModule(allowedDependencies = {"shared", "account", "audit", "delivery", "picture", "site"})
@NullMarked
package live.millrace.platform.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
