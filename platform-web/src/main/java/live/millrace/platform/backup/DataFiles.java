// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What lies in the data directory beside the database. All of it belongs into a backup, the keys among it, but for what is made anew: what
 * is new is not forgotten so.
 */
final class DataFiles {
    /**
     * The database has its own way, and so have recordings, which are more than fits into an archive; the others are of the moment, or
     * backups themselves.
     */
    private static final Set<String> LEFT_OUT = Set.of(
            "postgres",
            "program",
            "hls",
            "recordings",
            "dumps",
            "backups",
            "exports",
            "uploads",
            "last-start",
            "last-start.lock");

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final int MAX_DEPTH = 10;

    private DataFiles() {}

    /** Regular files, sorted; links are not followed. */
    static List<Path> find(Path data) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(data)) {
            return found;
        }
        Files.walkFileTree(data, Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(data) && left(data.relativize(folder))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && safe(data.relativize(file).toString())) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        found.sort(null);
        return found;
    }

    private static boolean left(Path folder) {
        return LEFT_OUT.contains(folder.getName(0).toString());
    }

    /** Whether a path that an archive names leads to where files of a backup may be: below the data directory, and not into what is left out. */
    static boolean safe(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length > MAX_DEPTH || LEFT_OUT.contains(parts[0]) || path.endsWith(".part")) {
            return false;
        }
        for (String part : parts) {
            if (!SEGMENT.matcher(part).matches()) {
                return false;
            }
        }
        try {
            Path plain = Path.of(path);
            return !plain.isAbsolute() && plain.normalize().equals(plain);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
