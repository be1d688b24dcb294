// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

    /** A damaged cache ends the virtual machine: the start after that one mends it. */
    @Test
    void whatIsDamagedIsMadeAnewAfterAStartThatCameToNothing() throws IOException {
        Path jar = site(PackedProgram.virtualMachine());
        Path parent = directory.resolve("program");
        Path program = PackedProgram.unpack(jar, parent).jar();
        PackedProgram.clean(program);
        Path cache = program.resolveSibling("millrace.aot");
        Files.writeString(cache, "CACHE");
        PackedProgram.unpack(jar, parent);
        assertThat(cache).hasContent("CACHE");
        PackedProgram.unpack(jar, parent);
        assertThat(cache).hasContent("cache");
    }

    @Test
    void whatAKilledUnpackingLeftIsRemovedByTheNext() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("program"));
        Path left = folder(parent, "unpacking-1", Duration.ZERO);
        PackedProgram.unpack(site(PackedProgram.virtualMachine()), parent);
        assertThat(left).doesNotExist();
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
    void whatLiesReadyIsRunWhereItLies() throws IOException {
        Path jar = jar("META-INF/program/ready", PackedProgram.virtualMachine() + "\n");
        assertThat(PackedProgram.ready(jar).cache()).isFalse();
        Files.writeString(directory.resolve("millrace.aot"), "cache");
        var ready = PackedProgram.ready(jar);
        assertThat(ready.jar()).isEqualTo(jar);
        assertThat(ready.options().getFirst()).isEqualTo("-XX:AOTCache=" + directory.resolve("millrace.aot"));
        assertThat(PackedProgram.ready(jar("META-INF/program/ready", "Another VM 1"))
                        .cache())
                .isFalse();
        assertThat(PackedProgram.ready(jar("x", "y"))).isNull();
    }

    private static Path folder(Path parent, String name, Duration age) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(name));
        Path lock = Files.createFile(folder.resolve("in-use"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(age)));
        return folder;
    }

    @Test
    void whatNobodyRunsFromIsRemoved() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("program"));
        Path old = folder(parent, "0000000000000000", Duration.ofHours(1));
        Path begun = folder(parent, "fedcba9876543210", Duration.ofMinutes(1));
        Path foreign = Files.createDirectory(parent.resolve("foreign"));
        Path ours = PackedProgram.unpack(site(PackedProgram.virtualMachine()), parent)
                .jar();
        PackedProgram.clean(ours);
        assertThat(old).doesNotExist();
        assertThat(begun).exists();
        assertThat(foreign).exists();
        assertThat(ours).exists();
    }

    /** A lock is the process's, so another one has to hold it. */
    @Test
    void whatAnotherProcessRunsFromStays() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("program"));
        Path used = folder(parent, "fedcba9876543210", Duration.ofHours(1));
        Path ours = PackedProgram.unpack(site(PackedProgram.virtualMachine()), parent)
                .jar();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeper.class.getName(),
                        used.resolve("millrace.jar").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("kept");
            PackedProgram.clean(ours);
            assertThat(used).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }
        PackedProgram.clean(ours);
        assertThat(used).doesNotExist();
    }

    /** Runs from a folder until it is ended. */
    static final class Keeper {
        public static void main(String[] args) throws IOException {
            PackedProgram.keep(Path.of(args[0]));
            System.out.println("kept");
            while (System.in.read() >= 0) {
                // Ended from outside.
            }
        }
    }
}
