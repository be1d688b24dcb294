// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import java.lang.management.ManagementFactory;
import java.util.List;

/** A program that says what it is, and with which options it runs. */
final class SayOptions {
    private SayOptions() {}

    public static void main(String[] args) {
        var _ = Relaunch.unlessChosen(SayOptions.class, _ -> List.of("-Xms16m", "-Dsaid=yes"));
        System.out.println(ProcessHandle.current().pid());
        System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
        System.out.println(List.of(args));
    }
}
