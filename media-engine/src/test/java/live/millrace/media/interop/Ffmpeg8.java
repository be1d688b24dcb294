// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import live.millrace.media.testing.TestPrograms;

/** The programs of FFmpeg 8, which speak Enhanced RTMP, out of their artifact. */
public final class Ffmpeg8 {
    private static final String FOLDER = "org/bytedeco/ffmpeg/linux-x86_64-gpl/";
    private static final Path UNPACKED = Path.of("target", "ffmpeg8");

    private Ffmpeg8() {}

    /** Unpacks them once, whoever asks first; empty where there are none for this system. */
    public static synchronized Optional<Path> folder() {
        URL program = Ffmpeg8.class.getResource("/" + FOLDER + "ffmpeg");
        boolean fits = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        if (program == null || !fits) {
            return Optional.empty();
        }
        try {
            if (!Files.exists(UNPACKED)) {
                // Two processes may come to it at once: each unpacks for itself, and the first one's is taken.
                Path own = UNPACKED.resolveSibling(
                        "ffmpeg8-" + ProcessHandle.current().pid());
                unpack(((JarURLConnection) program.openConnection()).getJarFile(), own);
                move(own);
            }
            return Optional.of(UNPACKED.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path own) throws IOException {
        try {
            Files.move(own, UNPACKED, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException another) {
            if (!Files.exists(UNPACKED)) {
                throw another;
            }
        }
    }

    private static void unpack(JarFile jar, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            String name = entry.getName();
            if (name.startsWith(FOLDER) && !entry.isDirectory() && name.indexOf('/', FOLDER.length()) < 0) {
                Path file = folder.resolve(name.substring(FOLDER.length()));
                try (InputStream bytes = jar.getInputStream(entry)) {
                    TestPrograms.of(file, bytes);
                }
            }
        }
    }

    /** Starts a program; what it says goes into a file beside it. */
    public static Process start(Path folder, String program, Path output, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(folder.resolve(program).toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        return builder.start();
    }
}
