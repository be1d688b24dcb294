// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import live.millrace.media.launch.PackedProgram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process does with the program that it was unpacked as. */
public final class ProgramUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramUpkeep.class);

    private ProgramUpkeep() {}

    /** Before anything else: nobody takes the program away from now on. */
    public static void keep() {
        try {
            PackedProgram.keep(program());
        } catch (IOException e) {
            LOG.info("The unpacked program cannot be held: {}", e.getMessage());
        }
    }

    /**
     * Once the site runs: says why the start was not made quicker, and clears up after earlier versions.
     *
     * @param kept why not; empty if it was, or if nobody tried
     */
    public static void started(Optional<String> kept) {
        kept.ifPresent(why -> LOG.info("The start was not made quicker: {}", why));
        try {
            PackedProgram.clean(program());
        } catch (IOException e) {
            LOG.info("Programs of earlier versions stay: {}", e.getMessage());
        }
    }

    private static Path program() {
        return Path.of(System.getProperty("java.class.path").split(":", 2)[0]);
    }
}
