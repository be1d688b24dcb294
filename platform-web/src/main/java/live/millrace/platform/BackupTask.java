// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import live.millrace.platform.backup.BackupException;
import live.millrace.platform.backup.Manifest;
import live.millrace.platform.backup.Progress;
import live.millrace.platform.backup.SiteBackup;
import live.millrace.platform.database.SiteDatabase;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.FileSystemUtils;

/** Backups from the command line. */
final class BackupTask {
    private static final int STEP = 10;

    private final Environment settings;
    private final DataDirectory data;
    private final PrintStream out;

    BackupTask(Environment settings, PrintStream out) {
        this.settings = settings;
        this.data = Binder.get(settings).bindOrCreate("millrace", DataDirectory.class);
        this.out = out;
    }

    int backup(String to) {
        Path target = Path.of(to).toAbsolutePath();
        try (SiteDatabase database = SiteDatabase.open(settings, false)) {
            Manifest manifest = SiteBackup.take(database::connect, data.resolve(""), target, progress());
            say("Written", target, manifest);
            out.println("It holds everything that the site knows, keys and addresses too: keep it like a password.");
            return 0;
        }
    }

    int restore(String from, boolean check) {
        Path archive = Path.of(from).toAbsolutePath();
        if (!Files.isReadable(archive)) {
            throw new BackupException("There is no file " + archive + ", or it may not be read.");
        }
        return check ? prove(archive) : restore(archive);
    }

    private int prove(Path archive) {
        Path programs = data.resolve("postgres").resolve("programs");
        Path work = archive.resolveSibling("");
        Path unpacked = Files.isDirectory(programs) ? programs : work.resolve("millrace-trial-programs");
        try {
            say("Whole", archive, SiteBackup.prove(archive, unpacked, work, progress()));
            return 0;
        } finally {
            if (!unpacked.equals(programs)) {
                delete(unpacked);
            }
        }
    }

    private int restore(Path archive) {
        Path postgres = data.resolve("postgres");
        boolean fresh = Files.notExists(postgres);
        boolean done = false;
        try (SiteDatabase database = SiteDatabase.open(settings, true)) {
            if (database.embedded() && database.wasRunning()) {
                throw new BackupException("Millrace is running on " + data.resolve("") + ". Stop it first.");
            }
            say("Restored", archive, SiteBackup.restore(database, data.resolve(""), archive, progress()));
            out.println("Start Millrace now. Everybody logs in again.");
            done = true;
            return 0;
        } finally {
            if (!done && fresh) {
                delete(postgres);
            }
        }
    }

    private static void delete(@Nullable Path tree) {
        try {
            FileSystemUtils.deleteRecursively(tree);
        } catch (IOException e) {
            throw new BackupException("Delete " + tree + " by hand: " + e.getMessage(), e);
        }
    }

    private Progress progress() {
        int[] told = {0};
        return (done, what) -> {
            if (done / STEP > told[0]) {
                told[0] = done / STEP;
                out.printf(Locale.ROOT, "%3d %%  %s%n", done, what);
            }
        };
    }

    private void say(String what, Path archive, Manifest manifest) {
        try {
            out.printf(
                    Locale.ROOT,
                    "%s: %s (%d KiB), %d tables, %d rows, %d files, of %s%n",
                    what,
                    archive,
                    Files.size(archive) / 1_024,
                    manifest.tables().size(),
                    manifest.rows(),
                    manifest.files().size(),
                    manifest.at());
        } catch (IOException e) {
            throw new BackupException(archive + " is gone: " + e.getMessage(), e);
        }
    }
}
