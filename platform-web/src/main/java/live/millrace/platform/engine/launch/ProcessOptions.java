// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import java.util.List;
import java.util.Optional;
import live.millrace.media.launch.Machine;
import live.millrace.media.launch.Relaunch;

/** The options of the virtual machine in which site and engine run, and the form of the program. */
public final class ProcessOptions {
    private ProcessOptions() {}

    /** Whether the command line asks for a task, by a word of its own before all options, and not for the site. */
    public static boolean isTask(String... args) {
        return args.length > 0 && !args[0].startsWith("-");
    }

    /**
     * Replaces a process that was started as a plain jar by one with the options that suit the machine and with the program unpacked in
     * the data directory, as the first thing it does; then it does not come back.
     *
     * @return why it could not be done, for the log; empty when there was nothing to do
     */
    public static Optional<String> choose(Class<?> main, String... args) {
        EarlySettings early = EarlySettings.of(args);
        return Relaunch.unlessChosen(
                main,
                Machine::siteOptions,
                early.programs(),
                early.beansAsBuilt() ? List.of("-Dspring.aot.enabled=true") : List.of());
    }
}
