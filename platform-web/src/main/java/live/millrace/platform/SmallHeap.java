// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Gives back the memory that a start leaves behind. A plain {@code java -jar} sizes its heap by the machine, and on a large one keeps
 * hundreds of megabytes that it needed for ten seconds. A free-heap ratio that somebody set on the command line is left alone.
 */
@Component
class SmallHeap {
    private static final Logger LOG = LoggerFactory.getLogger(SmallHeap.class);

    @EventListener(ApplicationReadyEvent.class)
    @Order(Ordered.LOWEST_PRECEDENCE)
    void shrink() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            setDefault(options, "MinHeapFreeRatio", "10");
            setDefault(options, "MaxHeapFreeRatio", "20");
            // A collection every now and then while idle, so that the heap follows the load down as well as up.
            setDefault(options, "G1PeriodicGCInterval", "60000");
        } catch (IllegalArgumentException otherCollector) {
            LOG.debug("This collector sizes its heap by other rules", otherCollector);
        }
        System.gc();
    }

    private static void setDefault(HotSpotDiagnosticMXBean options, String name, String value) {
        if (options.getVMOption(name).getOrigin() == com.sun.management.VMOption.Origin.DEFAULT) {
            options.setVMOption(name, value);
        }
    }
}
