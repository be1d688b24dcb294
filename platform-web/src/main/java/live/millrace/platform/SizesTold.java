// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import live.millrace.platform.database.EmbeddedPostgres;
import live.millrace.platform.shared.MachineSizes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says in one line how large the parts of this process are, and for which machine: what was chosen, or what somebody set. */
@Component
class SizesTold {
    private static final Logger LOG = LoggerFactory.getLogger(SizesTold.class);
    private static final int MEBIBYTE_SHIFT = 20;

    private final Environment settings;
    private final ObjectProvider<EmbeddedPostgres> postgres;

    SizesTold(Environment settings, ObjectProvider<EmbeddedPostgres> postgres) {
        this.settings = settings;
        this.postgres = postgres;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        LOG.info("{}", line(MachineSizes.here()));
    }

    String line(MachineSizes machine) {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long heap = Runtime.getRuntime().maxMemory();
        long direct = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
        StringBuilder line = new StringBuilder("Sizes for ")
                .append(machine.processors())
                .append(machine.processors() == 1 ? " processor and " : " processors and ")
                .append(machine.memoryMegabytes())
                .append(" MB: heap up to ")
                .append(heap >> MEBIBYTE_SHIFT)
                .append(" MB, ")
                .append(
                        Boolean.parseBoolean(options.getVMOption("UseSerialGC").getValue())
                                ? "collected in turn"
                                : "collected beside")
                .append("; media up to ")
                .append((direct == 0 ? heap : direct) >> MEBIBYTE_SHIFT)
                .append(" MB beside it; ")
                .append(settings.getProperty("spring.datasource.hikari.maximum-pool-size", "10"))
                .append(" connections to the database");
        postgres.ifAvailable(server -> line.append("; PostgreSQL with ").append(server.sizes()));
        return line.append(" (docs/deployment.md, \"Sizes\")").toString();
    }
}
