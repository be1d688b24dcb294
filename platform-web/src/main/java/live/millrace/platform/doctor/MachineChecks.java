// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import live.millrace.platform.shared.DataDirectory;

/** The program's machine: Java, disk, files. */
final class MachineChecks {
    private static final long MEBI = 1 << 20;
    private static final long GIBI = 1 << 30;
    private static final long NO_ROOM = 512 * MEBI;
    private static final long LITTLE_ROOM = 2 * GIBI;

    /** A viewer takes one, a publisher a few. */
    private static final long FEW_FILES = 4_096;

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private MachineChecks() {}

    static List<Finding> examine(DataDirectory data) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.good(
                "Java", Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors"));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long files = system.getMaxFileDescriptorCount();
            findings.add(
                    files < FEW_FILES
                            ? Finding.note(
                                    "Open files",
                                    files
                                            + " may be open at once, and each viewer takes one. Raise it: ulimit -n 65536,"
                                            + " or LimitNOFILE= in the unit of systemd.")
                            : Finding.good("Open files", files + " may be open at once"));
        }
        folder(data.resolve(""), findings);
        return findings;
    }

    private static void folder(Path folder, List<Finding> findings) {
        if (!Files.isDirectory(folder)) {
            findings.add(Finding.note(
                    "Data",
                    folder + " is not there yet. The first start makes it, or give --millrace.data-dir=FOLDER."));
            return;
        }
        if (!Files.isWritable(folder)) {
            findings.add(Finding.bad(
                    "Data", folder + " cannot be written by this user. Give it to the user that runs Millrace."));
        } else {
            findings.add(Finding.good("Data", folder.toString()));
        }
        try {
            findings.add(room(folder, Files.getFileStore(folder)));
            List<Path> open = readable(folder);
            findings.add(
                    open.isEmpty()
                            ? Finding.good("Secrets", "no file with a password or key can be read by others")
                            : Finding.bad(
                                    "Secrets", "others can read " + open + ". Take it from them: chmod go= FILE."));
        } catch (IOException e) {
            findings.add(Finding.bad("Data", folder + " cannot be read: " + e.getMessage()));
        }
    }

    private static Finding room(Path folder, FileStore disk) throws IOException {
        long free = disk.getUsableSpace();
        String words = free / MEBI + " MiB are free in " + folder;
        if (free < NO_ROOM) {
            return Finding.bad("Disk", words + ". Make room: a database without room stops.");
        }
        return free < LITTLE_ROOM ? Finding.note("Disk", words + ". That is little.") : Finding.good("Disk", words);
    }

    /** Files with secrets that not only their owner can read. */
    private static List<Path> readable(Path folder) throws IOException {
        List<Path> open = new ArrayList<>();
        for (Path place : List.of(folder, folder.resolve("postgres"), folder.resolve("backups"))) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> children = Files.list(place)) {
                for (Path file : children.filter(MachineChecks::secret).toList()) {
                    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                        open.add(file);
                    }
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (UnsupportedOperationException otherSystem) {
                // A file system without such permissions says so in its own way.
                return List.of();
            }
        }
        return open;
    }

    private static boolean secret(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && (name.contains("password")
                        || name.contains("key")
                        || name.contains("secret")
                        || name.contains("token")
                        || name.endsWith(".zip"));
    }
}
