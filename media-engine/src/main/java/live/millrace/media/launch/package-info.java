// SPDX-License-Identifier: Apache-2.0
/**
 * What has to be decided before a process is what it will be: the options of its virtual machine. The entry type is
 * {@link live.millrace.media.launch.Relaunch}. It knows nothing of what is launched.
 */
@NullMarked
package live.millrace.media.launch;

import org.jspecify.annotations.NullMarked;
