// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.child;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds programs of this machine. */
public final class Programs {
    private Programs() {}

    /** A program by its name alone, in the folders of {@code PATH}; empty when none has it. */
    public static Optional<Path> onPath(String name) {
        String path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : Arrays.stream(path.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isBlank())
                        .flatMap(folder -> candidate(folder, name))
                        .findFirst();
    }

    private static Stream<Path> candidate(String folder, String name) {
        try {
            Path found = Path.of(folder, name);
            return Files.isExecutable(found) && Files.isRegularFile(found) ? Stream.of(found) : Stream.empty();
        } catch (InvalidPathException noFolder) {
            return Stream.empty();
        }
    }

    /**
     * A program as a setting names it.
     *
     * @param said its path; null: the one of the usual name, if there is one; blank: none
     * @param setting what the setting is called, for the error
     * @throws IllegalArgumentException if it is named and is no program that can be run
     */
    public static Optional<Path> named(String setting, @Nullable String said, String usual) {
        if (said == null) {
            return onPath(usual);
        }
        if (said.isBlank()) {
            return Optional.empty();
        }
        try {
            Path program = Path.of(said);
            if (Files.isExecutable(program) && Files.isRegularFile(program)) {
                return Optional.of(program);
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw new IllegalArgumentException(setting + " names " + said + ", which is no program that can be run.");
    }
}
