// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.database.EarlyPostgres;
import live.millrace.platform.engine.ProgramUpkeep;
import live.millrace.platform.engine.launch.ProcessOptions;
import live.millrace.platform.shared.MachineSizes;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The one process: the site, its database where none is configured, and the media engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class PlatformApplication {
    /** Watching buffers for leaks takes the stack trace of one in 128: for whoever looks for one. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    /** An orderly end takes a few seconds; on a busy machine, with a database that has much to write, some more. */
    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    public static void main(String[] args) {
        if (ProcessOptions.isTask(args)) {
            System.exit(CommandLine.run(args));
        }
        Optional<String> kept = ProcessOptions.choose(PlatformApplication.class, args);
        ProgramUpkeep.keep();
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        EndLimit.install(END_LIMIT);
        SpringApplication site = new SpringApplication(PlatformApplication.class);
        site.setDefaultProperties(Map.of(
                "spring.datasource.hikari.maximum-pool-size",
                MachineSizes.here().pool()));
        site.addInitializers(new EarlyPostgres());
        site.run(args);
        ProgramUpkeep.started(kept);
    }
}
