// SPDX-License-Identifier: Apache-2.0
package live.millrace.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import live.millrace.media.testing.SourceShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceShapeTest {
    @TempDir
    Path folder;

    @Test
    void noFileIsLongWithoutAReason() throws IOException {
        assertThat(SourceShape.longWithoutReason(Path.of("src/main/java"), ".java"))
                .isEmpty();
    }

    @Test
    void noConstructorWantsTooMuch() {
        assertThat(SourceShape.wideConstructors(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("live.millrace.media")))
                .isEmpty();
    }

    @Test
    void aLongFileIsFoundUnlessItSaysWhy() throws IOException {
        Files.writeString(folder.resolve("Long.java"), "\n".repeat(451));
        Files.writeString(folder.resolve("Reasoned.java"), "/** Long because a table is. */\n" + "\n".repeat(451));
        Files.writeString(folder.resolve("Short.java"), "\n".repeat(450));
        assertThat(SourceShape.longWithoutReason(folder, ".java")).containsExactly("Long.java");
    }

    @Test
    void aWideConstructorIsFound() {
        assertThat(SourceShape.wideConstructors(
                        new ClassFileImporter().importPackages("live.millrace.fixture.media.shape")))
                .hasSize(1);
    }
}
