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
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.shared.ByteSizes;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.ProgramVersion;

/** The program's machine: Java, disk, files. */
final class MachineChecks {
    private static final long NO_ROOM = 500_000_000L;
    private static final long LITTLE_ROOM = 2_000_000_000L;

    /** A viewer takes one, a publisher a few. */
    private static final long FEW_FILES = 4_096;

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private MachineChecks() {}

    static List<Finding> examine(DataDirectory data) {
        List<Finding> findings = new ArrayList<>();
        findings.add(version());
        findings.add(Finding.good(
                Subject.JAVA,
                "there",
                Runtime.version().toString(),
                Runtime.getRuntime().availableProcessors()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long files = system.getMaxFileDescriptorCount();
            findings.add(
                    files < FEW_FILES
                            ? Finding.note(Subject.FILES, "few", files)
                            : Finding.good(Subject.FILES, "enough", files));
        }
        folder(data.resolve(""), findings);
        return findings;
    }

    private static Finding version() {
        return ProgramVersion.packaged()
                .map(version -> Finding.good(Subject.VERSION, "there", version))
                .orElseGet(() -> Finding.note(Subject.VERSION, "none"));
    }

    private static void folder(Path folder, List<Finding> findings) {
        if (!Files.isDirectory(folder)) {
            findings.add(Finding.note(Subject.DATA, "none", folder.toString()));
            return;
        }
        if (!Files.isWritable(folder)) {
            findings.add(Finding.bad(Subject.DATA, "locked", folder.toString()));
        } else {
            findings.add(Finding.good(Subject.DATA, "good", folder.toString()));
        }
        try {
            findings.add(room(folder, Files.getFileStore(folder)));
            List<Path> open = readable(folder);
            findings.add(
                    open.isEmpty()
                            ? Finding.good(Subject.SECRETS, "safe")
                            : Finding.bad(Subject.SECRETS, "open", open.toString()));
        } catch (IOException e) {
            findings.add(Finding.bad(Subject.DATA, "unreadable", folder.toString(), String.valueOf(e.getMessage())));
        }
    }

    private static Finding room(Path folder, FileStore disk) throws IOException {
        long free = disk.getUsableSpace();
        String size = ByteSizes.text(free);
        if (free < NO_ROOM) {
            return Finding.bad(Subject.DISK, "full", size, folder.toString());
        }
        return free < LITTLE_ROOM
                ? Finding.note(Subject.DISK, "little", size, folder.toString())
                : Finding.good(Subject.DISK, "free", size, folder.toString());
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
