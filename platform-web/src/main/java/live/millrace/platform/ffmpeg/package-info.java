// SPDX-License-Identifier: Apache-2.0
/** The optional FFmpeg program, which makes small pictures of what is live and of what was kept. */
@ApplicationModule(allowedDependencies = "shared")
@NullMarked
package live.millrace.platform.ffmpeg;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
