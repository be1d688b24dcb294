// SPDX-License-Identifier: Apache-2.0
/** Broadcasts that are kept: what is recorded and for how long, videos and their pages. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "audit",
            "channel",
            "delivery",
            "engine",
            "ffmpeg",
            "live",
            "notification",
            "picture",
            "site"
        })
@NullMarked
package live.millrace.platform.recording;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
