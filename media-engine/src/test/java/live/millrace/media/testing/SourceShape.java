// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How large a file and a constructor may grow before somebody has to say why. */
public final class SourceShape {
    private static final int MAX_LINES = 450;
    private static final int MAX_PARAMETERS = 10;

    /** Stands at the head of a file that is longer on purpose, with the reason behind it. */
    private static final String REASON = "Long because ";

    private SourceShape() {}

    /** Files below a folder that are too long and do not say why. */
    public static List<String> longWithoutReason(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(SourceShape::isLongWithoutReason)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    private static boolean isLongWithoutReason(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> all = lines.toList();
            return all.size() > MAX_LINES && all.stream().noneMatch(line -> line.contains(REASON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Constructors that want too much at once. A record is a row: its components are named at its head, and may be many. */
    public static List<String> wideConstructors(JavaClasses classes) {
        return classes.stream()
                .filter(type -> !type.isRecord() && !type.isAnonymousClass() && !type.isInnerClass())
                .flatMap(type -> type.getConstructors().stream())
                .filter(constructor -> constructor.getParameters().size() > MAX_PARAMETERS)
                .map(constructor -> constructor.getFullName())
                .toList();
    }
}
