// SPDX-License-Identifier: Apache-2.0
/** What every feature may use and that belongs to none: where data lies, errors that have a message, the model of every page. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package live.millrace.platform.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
