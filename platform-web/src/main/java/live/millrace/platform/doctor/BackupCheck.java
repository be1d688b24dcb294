// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.platform.shared.DataDirectory;

/** Whether there is a backup, and how old it is. */
final class BackupCheck {
    private static final Duration OLD = Duration.ofDays(8);

    private BackupCheck() {}

    static Finding examine(DataDirectory data) {
        Path folder = data.resolve("backups");
        Optional<Instant> newest = Optional.empty();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".zip")).toList()) {
                    Instant made = Files.getLastModifiedTime(file).toInstant();
                    newest = newest.filter(made::isBefore).or(() -> Optional.of(made));
                }
            } catch (IOException e) {
                return Finding.bad("Backup", folder + " cannot be read: " + e.getMessage());
            }
        }
        if (newest.isEmpty()) {
            return Finding.note(
                    "Backup",
                    "none in " + folder
                            + ". Take one in the console, or with: java -jar millrace.jar backup --to FILE");
        }
        Duration age = Duration.between(newest.get(), Instant.now());
        String words = "the newest is of " + newest.get();
        return age.compareTo(OLD) > 0
                ? Finding.note("Backup", words + ", " + age.toDays() + " days old")
                : Finding.good("Backup", words);
    }
}
