// SPDX-License-Identifier: Apache-2.0
/** A broadcast's life: who may publish, what is on air, what was; the live topics of the page socket. */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "account",
            "audience",
            "channel",
            "delivery",
            "engine",
            "ffmpeg",
            "picture",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
