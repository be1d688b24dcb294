// SPDX-License-Identifier: Apache-2.0
/** The console: lists that read across the site's tables, and pages that ask the features to act. Owns no tables. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audit",
            "backup",
            "camera",
            "channel",
            "chat",
            "delivery",
            "doctor",
            "engine",
            "https",
            "live",
            "moderation",
            "picture",
            "recording",
            "signin",
            "site",
            "socket",
            "studio",
            "updates"
        })
@NullMarked
package live.millrace.platform.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
