// SPDX-License-Identifier: Apache-2.0
/** What everybody finds: home, categories, tags, search, channel pages, and what programs are told of those. Owns no tables. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "audit",
            "camera",
            "channel",
            "chat",
            "engine",
            "live",
            "picture",
            "recording",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.directory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
