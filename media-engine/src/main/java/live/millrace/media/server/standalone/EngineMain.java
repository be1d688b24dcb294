// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.util.Optional;
import live.millrace.media.launch.Machine;
import live.millrace.media.launch.Relaunch;
import org.slf4j.LoggerFactory;

/**
 * Decides what has to be decided before anything is loaded: the virtual machine's options ({@link Relaunch}), how to log (lines for
 * people, or JSON with {@code MILLRACE_LOG_FORMAT=json}), and that buffers are not watched for leaks, unless somebody looks for one.
 */
public final class EngineMain {
    private static final String CONFIGURATION = "logback.configurationFile";

    /** Its default takes the stack trace of one buffer in 128. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private EngineMain() {}

    public static void main(String[] args) {
        Optional<String> kept = Relaunch.unlessChosen(EngineMain.class, Machine::engineOptions);
        if (System.getProperty(CONFIGURATION) == null) {
            String file = "json".equals(System.getenv("MILLRACE_LOG_FORMAT")) ? "logback-json.xml" : "logback.xml";
            System.setProperty(CONFIGURATION, EngineMain.class.getPackageName().replace('.', '/') + "/" + file);
        }
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        kept.ifPresent(why ->
                LoggerFactory.getLogger(EngineMain.class).info("The virtual machine keeps its own options: {}", why));
        EngineCommand.run(args);
    }
}
