// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * What a process has to live on, as its container and its affinity leave it, and the options of the virtual machine that suit it.
 *
 * @param processors at least 1
 * @param memoryBytes the physical memory, or the container's limit
 */
public record Machine(int processors, long memoryBytes) {
    /** From here on a collector with threads of its own does not compete with the event loops. */
    private static final int MANY_PROCESSORS = 4;

    private static final long LEAST_DIRECT = 256L << 20;
    private static final int MEBIBYTE_SHIFT = 20;

    /**
     * For whatever serves many from little garbage. Unknown options are ignored, so that no other virtual machine refuses to start; what is
     * not named is the virtual machine's own choice.
     */
    public List<String> options() {
        List<String> options =
                new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseCompactObjectHeaders"));
        if (processors < MANY_PROCESSORS) {
            // Heaps are small: it stops for less than the time in which frames are gathered, and wants no processor
            // meanwhile.
            options.add("-XX:+UseSerialGC");
        }
        return options;
    }

    /** For the engine alone: media lies in direct memory, so its heap begins small, and direct memory is not bounded by the heap. */
    public List<String> engineOptions() {
        List<String> options = options();
        options.add("-Xms64m");
        options.add("-XX:MaxDirectMemorySize=" + (Math.max(memoryBytes / 2, LEAST_DIRECT) >> MEBIBYTE_SHIFT) + "m");
        return options;
    }
}
