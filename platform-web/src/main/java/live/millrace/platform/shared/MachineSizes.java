// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How large the site's parts are on a machine, where nobody says otherwise (ADR 93). The virtual machine's own options are chosen before
 * there is a site, by {@code engine.launch}.
 *
 * @param processors at least 1; as container and affinity leave them
 * @param memoryBytes the physical memory, or the container's limit
 */
public record MachineSizes(int processors, long memoryBytes) {
    private static final int MEBIBYTE_SHIFT = 20;

    private static final int FEWEST_CONNECTIONS = 10;
    private static final int MOST_CONNECTIONS = 32;
    private static final int MEGABYTES_PER_CONNECTION = 100;
    private static final int CONNECTIONS_OF_ANY_MACHINE = 8;
    private static final int CONNECTIONS_PER_PROCESSOR = 4;

    /** For backups, tasks beside the site, looks whether it answers, and connections that are about to end. */
    private static final int BESIDE_THE_POOL = 40;

    private static final long LEAST_BUFFERS = 32L << MEBIBYTE_SHIFT;
    private static final long MOST_BUFFERS = 1024L << MEBIBYTE_SHIFT;
    private static final int BUFFERS_SHARE = 16;

    private static final int MOST_HASHES = 4;

    /** Of the heap, for passwords that are hashed. */
    private static final int HASHES_SHARE = 8;

    /** Those of this process. */
    public static MachineSizes here() {
        return new MachineSizes(
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
    }

    public long memoryMegabytes() {
        return memoryBytes >> MEBIBYTE_SHIFT;
    }

    /** Connections to the database that are open at a time: each is a process of PostgreSQL with some megabytes of its own. */
    public int pool() {
        int byProcessors = CONNECTIONS_OF_ANY_MACHINE + CONNECTIONS_PER_PROCESSOR * processors;
        return Math.clamp(
                Math.min(memoryMegabytes() / MEGABYTES_PER_CONNECTION, byProcessors),
                FEWEST_CONNECTIONS,
                MOST_CONNECTIONS);
    }

    /** Connections that the server inside takes. */
    public int serverConnections() {
        return pool() + BESIDE_THE_POOL;
    }

    /** What the server inside keeps of its files; the kernel keeps the rest. */
    public long serverBufferBytes() {
        return Math.clamp(memoryBytes / BUFFERS_SHARE, LEAST_BUFFERS, MOST_BUFFERS);
    }

    /**
     * Passwords that are hashed at a time: of half the processors at most, since streams come first, and in an eighth of the heap.
     *
     * @param heapBytes the largest heap
     * @param hashBytes what one hash takes of it
     */
    public int hashes(long heapBytes, long hashBytes) {
        int byProcessors = Math.clamp(processors / 2, 1, MOST_HASHES);
        return Math.clamp(heapBytes / HASHES_SHARE / hashBytes, 1, byProcessors);
    }
}
