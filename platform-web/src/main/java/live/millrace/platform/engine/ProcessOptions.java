// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.Optional;
import live.millrace.media.launch.Machine;
import live.millrace.media.launch.Relaunch;

/** The options of the virtual machine in which site and engine run. */
public final class ProcessOptions {
    private ProcessOptions() {}

    /**
     * Replaces a process that was started as a plain jar by one with the options that suit the machine, as the first thing it does; then
     * it does not come back.
     *
     * @return why it could not be done, for the log; empty when there was nothing to do
     */
    public static Optional<String> choose(Class<?> main) {
        return Relaunch.unlessChosen(main, Machine::options);
    }
}
