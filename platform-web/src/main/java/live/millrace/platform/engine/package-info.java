// SPDX-License-Identifier: Apache-2.0
/** The media engine inside the site, and the only package that speaks to it: its life, its settings, its questions and events in the site's own words. */
@ApplicationModule(allowedDependencies = {"shared", "site", "ffmpeg"})
@NullMarked
package live.millrace.platform.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
