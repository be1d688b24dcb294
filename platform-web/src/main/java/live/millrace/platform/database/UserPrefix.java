// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.platform.shared.StartupException;

/**
 * What to put before a command so that PostgreSQL, which refuses to run as root, runs: nothing for an ordinary user; a user
 * namespace, in which root is nobody in particular and files keep their owner; else the user {@code nobody}.
 */
record UserPrefix(List<String> command, boolean changesOwner) {
    private static final String NOBODY = "65534";

    static UserPrefix find() {
        if (!isRoot()) {
            return new UserPrefix(List.of(), false);
        }
        if (works(List.of("unshare", "-U"))) {
            return new UserPrefix(List.of("unshare", "-U"), false);
        }
        List<String> asNobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        if (works(asNobody)) {
            return new UserPrefix(asNobody, true);
        }
        throw new StartupException(
                "PostgreSQL does not run as root, and this system has neither user namespaces nor setpriv.",
                "Start Millrace as an ordinary user, or set spring.datasource.url to a PostgreSQL that runs elsewhere.");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static boolean works(List<String> prefix) {
        try {
            Process probe = new ProcessBuilder(
                            Stream.concat(prefix.stream(), Stream.of("true")).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives a folder to the user that will run in it, where that is another one. */
    void own(Path tree) throws IOException {
        if (!changesOwner) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", Integer.valueOf(NOBODY));
                Files.setAttribute(file, "unix:gid", Integer.valueOf(NOBODY));
            }
        }
    }
}
