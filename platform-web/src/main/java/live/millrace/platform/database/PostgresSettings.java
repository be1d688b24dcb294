// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import live.millrace.platform.shared.MachineSizes;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * How large the server inside is, where somebody says it; else it is chosen by the machine.
 *
 * @param sharedBuffers what it keeps of its files
 * @param maxConnections how many it takes
 */
record PostgresSettings(
        @Nullable DataSize sharedBuffers, @Nullable Integer maxConnections) {
    static final String NAME = "millrace.postgres";

    private static final DataSize LEAST_BUFFERS = DataSize.ofMegabytes(1);
    private static final DataSize MOST_BUFFERS = DataSize.ofGigabytes(64);
    private static final int FEWEST_CONNECTIONS = 20;
    private static final int MOST_CONNECTIONS = 1_000;

    /**
     * Sizes of a server.
     *
     * @param bufferBytes of memory that its processes share
     */
    record Sizes(long bufferBytes, int connections) {
        /** For tests, many of which run at a time. */
        static final Sizes SMALL = new Sizes(64L << 20, 60);

        static Sizes of(MachineSizes machine) {
            return new Sizes(machine.serverBufferBytes(), machine.serverConnections());
        }
    }

    /**
     * What settings and the machine say together.
     *
     * @throws StartupException if a setting makes no server
     */
    static Sizes sizes(Environment settings, MachineSizes machine) {
        PostgresSettings set = Binder.get(settings).bindOrCreate(NAME, PostgresSettings.class);
        Sizes chosen = Sizes.of(machine);
        DataSize buffers = set.sharedBuffers;
        Integer connections = set.maxConnections;
        if (buffers != null && (buffers.compareTo(LEAST_BUFFERS) < 0 || buffers.compareTo(MOST_BUFFERS) > 0)) {
            throw new StartupException(
                    NAME + ".shared-buffers is " + buffers.toKilobytes() + " KB.",
                    "Set it to 1MB to 64GB, or leave it out.");
        }
        if (connections != null && (connections < FEWEST_CONNECTIONS || connections > MOST_CONNECTIONS)) {
            throw new StartupException(
                    NAME + ".max-connections is " + connections + ".", "Set it to 20 to 1000, or leave it out.");
        }
        return new Sizes(
                buffers == null ? chosen.bufferBytes() : buffers.toBytes(),
                connections == null ? chosen.connections() : connections);
    }
}
