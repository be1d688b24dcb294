// SPDX-License-Identifier: Apache-2.0
/** Who may watch what: visibility, passwords, guests and their invites, and the tickets by which media is fetched. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audit",
            "channel",
            "delivery",
            "engine",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.audience;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
