// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A jar that replaces its own process. */
@EnabledOnOs(OS.LINUX)
class RelaunchedJarTest {
    private static final List<Class<?>> CLASSES = List.of(
            SayOptions.class,
            Relaunch.class,
            PackedProgram.class,
            PackedProgram.Unpacked.class,
            Machine.class,
            NativeProcess.class);

    @TempDir
    Path directory;

    private Path jar;

    @BeforeEach
    void pack() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, SayOptions.class.getName());
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        jar = directory.resolve("say.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> each : CLASSES) {
                String name = each.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in = each.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(out);
                }
            }
        }
    }

    /** What it says, behind its process id. */
    private List<String> said(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", jar.toString(), "one", "zwei ä"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.endsWith("_OPTIONS"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> said = lines.readAllLines();
            assertThat(said.getFirst()).isEqualTo(Long.toString(process.pid()));
            return said;
        }
    }

    @Test
    void runsOnWithTheOptionsOfTheMachineInTheSameProcess() throws Exception {
        assertThat(said()).element(1).asString().isEqualTo("[-Xms16m, -Dsaid=yes, " + Relaunch.DONE + "]");
    }

    @Test
    void itIsFoundBehindALinkAndUnderAnyName() throws Exception {
        String chosen = "[-Xms16m, -Dsaid=yes, " + Relaunch.DONE + "]";
        Path real = jar;
        jar = Files.createSymbolicLink(directory.resolve("current.jar"), real);
        assertThat(said()).element(1).isEqualTo(chosen);
        jar = Files.copy(
                real, Files.createDirectory(directory.resolve("fünf %20 ")).resolve("ein wört.jar"));
        assertThat(said()).element(1).isEqualTo(chosen);
    }

    @Test
    void itsArgumentsAreTheSame() throws Exception {
        assertThat(said()).element(2).isEqualTo("[one, zwei ä]");
    }

    @Test
    void anOptionOfItsOwnLeavesItAlone() throws Exception {
        assertThat(said("-Xmx64m")).element(1).isEqualTo("[-Xmx64m]");
    }

    @Test
    void itCanBeForbidden() throws Exception {
        assertThat(said("-Dmillrace.relaunch=off")).element(1).isEqualTo("[-Dmillrace.relaunch=off]");
    }
}
