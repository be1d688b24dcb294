// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.platform.doctor.Finding.Subject;
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
                return Finding.bad(Subject.BACKUP, "unreadable", folder.toString(), String.valueOf(e.getMessage()));
            }
        }
        if (newest.isEmpty()) {
            return Finding.note(Subject.BACKUP, "none", folder.toString());
        }
        long days = Duration.between(newest.get(), Instant.now()).toDays();
        return days >= OLD.toDays()
                ? Finding.note(Subject.BACKUP, "old", newest.get().toString(), days)
                : Finding.good(Subject.BACKUP, "newest", newest.get().toString());
    }
}
