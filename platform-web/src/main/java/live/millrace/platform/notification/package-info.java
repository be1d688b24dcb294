// SPDX-License-Identifier: Apache-2.0
/** What people are told while they are elsewhere: that a channel they follow is live, what was decided about them and their reports. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "channel",
            "delivery",
            "engine",
            "live",
            "picture",
            "socket"
        })
@NullMarked
package live.millrace.platform.notification;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
