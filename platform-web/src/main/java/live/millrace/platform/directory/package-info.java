// SPDX-License-Identifier: Apache-2.0
/** Pages for everybody: home and channel pages. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "channel",
            "chat",
            "engine",
            "live",
            "picture",
            "socket"
        })
@NullMarked
package live.millrace.platform.directory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
