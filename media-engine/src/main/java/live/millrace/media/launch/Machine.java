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

    private static final int MEBIBYTE_SHIFT = 20;
    private static final long GIBIBYTE = 1L << 30;
    private static final long LEAST_DIRECT = 256L << MEBIBYTE_SHIFT;

    /** Below this the virtual machine itself takes the collector without threads. */
    private static final long MANY_BYTES = 1_792L << MEBIBYTE_SHIFT;

    private static final long LEAST_SITE_HEAP = 192L << MEBIBYTE_SHIFT;
    private static final long MOST_SITE_HEAP = 8 * GIBIBYTE;
    private static final long LEAST_SITE_DIRECT = 128L << MEBIBYTE_SHIFT;

    /**
     * For whatever serves many from little garbage. Unknown options are ignored, so that no other virtual machine refuses to start; what is
     * not named is the virtual machine's own choice.
     */
    public List<String> options() {
        List<String> options =
                new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseCompactObjectHeaders"));
        if (processors < MANY_PROCESSORS || memoryBytes < MANY_BYTES) {
            // Heaps are small: it stops for less than the time in which frames are gathered, and wants no processor
            // meanwhile.
            options.add("-XX:+UseSerialGC");
        }
        return options;
    }

    /**
     * For site and engine in one process, beside a database: a quarter of the memory for the heap; for media, which lies outside of it, a
     * sixth of a small machine, a quarter of a middling one and a third of a large one. The rest is for code, threads, PostgreSQL and what the
     * kernel keeps of files.
     */
    public List<String> siteOptions() {
        List<String> options = options();
        options.add("-Xmx" + megabytes(Math.clamp(memoryBytes / 4, LEAST_SITE_HEAP, MOST_SITE_HEAP)));
        int share = memoryBytes <= 2 * GIBIBYTE ? 6 : memoryBytes < 8 * GIBIBYTE ? 4 : 3;
        options.add("-XX:MaxDirectMemorySize=" + megabytes(Math.max(memoryBytes / share, LEAST_SITE_DIRECT)));
        return options;
    }

    private static String megabytes(long bytes) {
        return (bytes >> MEBIBYTE_SHIFT) + "m";
    }

    /** For the engine alone: media lies in direct memory, so its heap begins small, and direct memory is not bounded by the heap. */
    public List<String> engineOptions() {
        List<String> options = options();
        options.add("-Xms64m");
        options.add("-XX:MaxDirectMemorySize=" + megabytes(Math.max(memoryBytes / 2, LEAST_DIRECT)));
        return options;
    }
}
