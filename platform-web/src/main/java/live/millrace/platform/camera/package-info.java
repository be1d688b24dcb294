// SPDX-License-Identifier: Apache-2.0
/** Channels whose stream is fetched: from where, by whose right, how that goes, and what it showed last. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "channel",
            "engine",
            "ffmpeg",
            "live",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.camera;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
