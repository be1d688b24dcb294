// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedProgramTest {
    private static final String ID = "0123456789abcdef";

    @TempDir
    Path directory;

    private Path jar(String... entries) throws IOException {
        Path jar = directory.resolve("site.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (int i = 0; i < entries.length; i += 2) {
                out.putNextEntry(new ZipEntry(entries[i]));
                out.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private Path site(String virtualMachine) throws IOException {
        return jar(
                "META-INF/program/id", ID + "\n" + virtualMachine + "\n",
                "META-INF/program/millrace.jar", "classes",
                "META-INF/program/millrace.aot", "cache",
                "BOOT-INF/lib/a.jar", "library",
                "BOOT-INF/classes/x", "not asked for");
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("program"))) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void unpacksProgramLibrariesAndCacheOnce() throws IOException {
        Path jar = site(PackedProgram.virtualMachine());
        var unpacked = PackedProgram.unpack(jar, directory.resolve("program"));
        assertThat(unpacked.cache()).isTrue();
        assertThat(unpacked.jar()).hasContent("classes");
        assertThat(unpacked.jar().resolveSibling("lib/a.jar")).hasContent("library");
        assertThat(unpacked.options().getFirst()).endsWith(ID + "/millrace.aot");
        assertThat(PackedProgram.unpack(jar, directory.resolve("program"))).isEqualTo(unpacked);
        assertThat(folders()).containsExactly(ID);
    }

    @Test
    void anotherVirtualMachineDoesWithoutTheCache() throws IOException {
        var unpacked = PackedProgram.unpack(site("Another VM 1"), directory.resolve("program"));
        assertThat(unpacked.cache()).isFalse();
        assertThat(unpacked.options()).isEmpty();
        assertThat(unpacked.jar().resolveSibling("millrace.aot")).doesNotExist();
    }

    @Test
    void whatIsNotWholeIsMadeAnew() throws IOException {
        Path jar = site(PackedProgram.virtualMachine());
        Path library =
                PackedProgram.unpack(jar, directory.resolve("program")).jar().resolveSibling("lib/a.jar");
        Files.writeString(library, "");
        PackedProgram.unpack(jar, directory.resolve("program"));
        assertThat(library).hasContent("library");
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws IOException {
        Path jar = site(PackedProgram.virtualMachine());
        Path file = Files.writeString(directory.resolve("program"), "a file");
        assertThatThrownBy(() -> PackedProgram.unpack(jar, file)).isInstanceOf(IOException.class);
    }

    @Test
    void aJarWithoutProgramIsLeftAlone() throws IOException {
        assertThat(PackedProgram.unpack(jar("x", "y"), directory.resolve("program")))
                .isNull();
        assertThat(directory.resolve("program")).doesNotExist();
    }

    @Test
    void whatNobodyRunsFromIsRemoved() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("program"));
        Path old = Files.createDirectory(parent.resolve("unpacking-1"));
        Files.createFile(old.resolve("in-use"));
        Path foreign = Files.createDirectory(parent.resolve("foreign"));
        Path ours = PackedProgram.unpack(site(PackedProgram.virtualMachine()), parent)
                .jar();
        PackedProgram.keepAndClean(ours);
        assertThat(old).doesNotExist();
        assertThat(foreign).exists();
        assertThat(ours).exists();
    }
}
