// SPDX-License-Identifier: Apache-2.0
/** The broadcaster's pages, and the same for programs. Composes other features, owns no tables. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "camera",
            "channel",
            "chat",
            "engine",
            "live",
            "picture",
            "recording",
            "socket"
        })
@NullMarked
package live.millrace.platform.studio;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
