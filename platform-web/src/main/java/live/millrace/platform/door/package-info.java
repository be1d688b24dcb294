// SPDX-License-Identifier: Apache-2.0
/**
 * The site's own port: who may come in, and how long a request may take to arrive. Knows no feature; it speaks of connections and
 * addresses, before anybody knows who asks for what.
 */
@ApplicationModule(allowedDependencies = {"shared"})
@NullMarked
package live.millrace.platform.door;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
