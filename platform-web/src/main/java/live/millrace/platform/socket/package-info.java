// SPDX-License-Identifier: Apache-2.0
/** The one WebSocket of each page. Features bring topics; the socket knows none of them. */
@ApplicationModule(allowedDependencies = {"shared", "account"})
@NullMarked
package live.millrace.platform.socket;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
