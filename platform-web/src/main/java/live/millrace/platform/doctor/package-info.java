// SPDX-License-Identifier: Apache-2.0
/**
 * What is wrong with an installation, said to its operator with what to do about it. Changes nothing, but for an object that it puts into the
 * bucket for recordings, and deletes.
 */
@ApplicationModule(allowedDependencies = {"shared", "database", "engine", "ffmpeg", "https", "updates"})
@NullMarked
package live.millrace.platform.doctor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
