// SPDX-License-Identifier: Apache-2.0
/** Uploaded pictures: taken in with suspicion, encoded anew, given out for ever under a name of our own. */
@ApplicationModule(allowedDependencies = {"shared", "shared :: web"})
@NullMarked
package live.millrace.platform.picture;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
