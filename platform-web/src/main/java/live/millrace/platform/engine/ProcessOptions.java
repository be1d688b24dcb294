// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.launch.Machine;
import live.millrace.media.launch.PackedProgram;
import live.millrace.media.launch.Relaunch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of the virtual machine in which site and engine run, and the form of the program. */
public final class ProcessOptions {
    private static final String DATA = "millrace.data-dir";

    private ProcessOptions() {}

    /**
     * Replaces a process that was started as a plain jar by one with the options that suit the machine and with the program unpacked in
     * the data directory, as the first thing it does; then it does not come back.
     *
     * @return why it could not be done, for the log; empty when there was nothing to do
     */
    public static Optional<String> choose(Class<?> main, String... args) {
        return Relaunch.unlessChosen(
                main,
                Machine::options,
                programs(args, System.getenv(), Path.of("").toAbsolutePath()));
    }

    /** Once the site runs: says why its start was not made quicker, and clears up after earlier versions. */
    public static void started(Optional<String> kept) {
        Logger log = LoggerFactory.getLogger(ProcessOptions.class);
        kept.ifPresent(why -> log.info("The start was not made quicker: {}", why));
        try {
            PackedProgram.keepAndClean(
                    Path.of(System.getProperty("java.class.path").split(":", 2)[0]));
        } catch (IOException e) {
            log.info("Programs of earlier versions stay: {}", e.getMessage());
        }
    }

    /**
     * Where the program is unpacked: in the data directory, if that is known before any configuration is read. Whoever has files or
     * variables with configuration may have named another there.
     */
    static @Nullable Path programs(String[] args, Map<String, String> environment, Path here) {
        @Nullable String data = null;
        for (String each : args) {
            if (each.startsWith("--" + DATA + "=")) {
                data = each.substring(DATA.length() + 3);
            } else if (each.startsWith("--spring.config.") || each.startsWith("--spring.profiles.")) {
                return null;
            }
        }
        if (data == null) {
            data = System.getProperty(DATA, environment.get("MILLRACE_DATA_DIR"));
        }
        if (data == null) {
            data = environment.get("MILLRACE_DATADIR");
        }
        if (data == null) {
            if (configured(environment, here)) {
                return null;
            }
            data = "data";
        }
        try {
            Path folder = here.resolve(data).normalize().resolve("program");
            // The virtual machine separates jars by colons.
            return folder.toString().contains(":") ? null : folder;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean configured(Map<String, String> environment, Path here) {
        if (Files.exists(here.resolve("config"))
                || environment.keySet().stream().anyMatch(name -> name.startsWith("SPRING_"))) {
            return true;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(here, "application*.{yml,yaml,properties}")) {
            return found.iterator().hasNext();
        } catch (IOException e) {
            return true;
        }
    }
}
