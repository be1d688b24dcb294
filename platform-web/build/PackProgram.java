// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Puts into the jar what makes its starts quick: its own classes as an ordinary jar, and an ahead-of-time cache made by a start of the
 * site with an empty data directory. {@code live.millrace.media.launch.PackedProgram} unpacks both beside the data. Run by Maven with the
 * Java that will be named in the jar: {@code java PackProgram.java target/millrace.jar}.
 *
 * <p>A site that cannot be started here (no user namespace, no PostgreSQL for this system) leaves the jar as it was, with a warning: it
 * starts from it, slower.
 */
final class PackProgram {
    /** The same as in PackedProgram: an ahead-of-time cache is valid for the times of its jars. */
    private static final FileTime TIME = FileTime.fromMillis(1_577_836_800_000L);

    private static final String FOLDER = "META-INF/program/";
    private static final String CACHE = "millrace.aot";
    private static final List<String> PAGES = List.of("/", "/signup", "/login", "/categories", "/search?q=a", "/nobody");

    private PackProgram() {}

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]).toAbsolutePath();
        Path program = jar.resolveSibling("program");
        delete(program);
        try {
            run(List.of(java(), "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", program.toString()));
            setTimes(program);
            train(program, jar.resolveSibling("program-data"));
        } catch (IOException e) {
            System.out.println("[WARNING] The jar starts slower than it could: " + e.getMessage());
            delete(program);
            return;
        }
        pack(jar, program);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void setTimes(Path program) throws IOException {
        try (var files = Files.walk(program)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, TIME);
            }
        }
    }

    /** One start, a few pages, one orderly end: the virtual machine writes its cache then. */
    private static void train(Path program, Path data) throws Exception {
        delete(data);
        int web = freePort();
        Path log = program.resolveSibling("program.log");
        Process site = new ProcessBuilder(
                        java(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "-Dmillrace.relaunch=done",
                        "-XX:AOTCacheOutput=" + program.resolve(CACHE),
                        "-jar",
                        program.resolve("millrace.jar").toString(),
                        "--server.port=" + web,
                        "--millrace.rtmp.port=" + freePort(),
                        "--millrace.http.port=" + freePort(),
                        "--millrace.data-dir=" + data)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!Files.readString(log).contains("Millrace is ready")) {
                if (site.waitFor(200, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the site did not start, see " + log);
                }
            }
            for (String page : PAGES) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + page)).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } finally {
            site.destroy();
            site.waitFor();
            delete(data);
        }
        if (!Files.exists(program.resolve(CACHE))) {
            throw new IOException("this Java made no ahead-of-time cache, see " + log);
        }
    }

    private static void pack(Path jar, Path program) throws Exception {
        try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of("compressionMethod", "DEFLATED"))) {
            Files.createDirectories(inside.getPath(FOLDER));
            for (String name : List.of("millrace.jar", CACHE)) {
                Files.copy(program.resolve(name), inside.getPath(FOLDER, name), StandardCopyOption.REPLACE_EXISTING);
            }
            // What it is called, and the virtual machine that its cache is for.
            Files.writeString(
                    inside.getPath(FOLDER, "id"),
                    digest(program.resolve(CACHE)) + "\n" + System.getProperty("java.vm.vendor") + " "
                            + System.getProperty("java.vm.version") + " " + System.getProperty("os.arch") + "\n");
        }
    }

    private static String digest(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
