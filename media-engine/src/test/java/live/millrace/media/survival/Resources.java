// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What this process holds now.
 *
 * @param descriptors open files and sockets; -1 where the system does not tell
 * @param threads of engines, by name
 * @param directMemory of Netty, bytes
 */
record Resources(long descriptors, List<String> threads, long directMemory) {
    static Resources now() {
        return new Resources(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        ? system.getOpenFileDescriptorCount()
                        : -1,
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name ->
                                name.startsWith("engine-") || name.startsWith("hls-") || name.startsWith("webrtc-"))
                        .sorted()
                        .toList(),
                PlatformDependent.usedDirectMemory());
    }
}
