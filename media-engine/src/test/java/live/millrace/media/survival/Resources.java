// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * What this process holds now.
 *
 * @param descriptors open files and sockets; -1 where the system does not tell
 * @param threads platform threads
 * @param directMemory of Netty, bytes
 */
record Resources(long descriptors, int threads, long directMemory) {
    static Resources now() {
        return new Resources(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        ? system.getOpenFileDescriptorCount()
                        : -1,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                PlatformDependent.usedDirectMemory());
    }
}
