// SPDX-License-Identifier: Apache-2.0
/** Moderation of the whole site: reports and the evidence that is kept with them, decisions, strikes, appeals. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "audit",
            "channel",
            "chat",
            "delivery",
            "engine",
            "live",
            "notification",
            "recording",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.moderation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
