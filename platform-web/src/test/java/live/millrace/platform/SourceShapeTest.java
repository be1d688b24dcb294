// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import live.millrace.media.testing.SourceShape;
import org.junit.jupiter.api.Test;

class SourceShapeTest {
    @Test
    void noFileIsLongWithoutAReason() throws IOException {
        assertThat(SourceShape.longWithoutReason(Path.of("src/main/java"), ".java"))
                .isEmpty();
        assertThat(SourceShape.longWithoutReason(Path.of("../frontend/src"), ".ts"))
                .isEmpty();
    }

    @Test
    void noConstructorWantsTooMuch() {
        assertThat(SourceShape.wideConstructors(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("live.millrace.platform")))
                .isEmpty();
    }
}
