// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A jar of jars as ordinary files with an ahead-of-time cache beside them, which starts several times faster: no virtual machine caches
 * classes of a jar within a jar. Made from the jar alone, once, in a folder that names its content.
 *
 * <p>A folder is whole or absent: it is filled under another name and then renamed; what a crash of the machine left of one is seen by its
 * sizes, and after a start that came to nothing by its checksums, and made anew. Whoever runs from a folder holds a lock on it, so that {@link #clean} takes away only what nobody runs from.
 */
public final class PackedProgram {
    private static final String FOLDER = "META-INF/program/";
    private static final String ID = FOLDER + "id";

    /** In the jar of a program that lies ready: the virtual machine that the cache beside it is for. */
    private static final String READY = FOLDER + "ready";

    private static final String PROGRAM = "millrace.jar";
    private static final String CACHE = "millrace.aot";
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String LOCK = "in-use";
    private static final String UNFINISHED = "unpacking-";

    /** Lies in a folder from a start's begin until the site runs: whoever finds it looks closely. */
    private static final String BEGUN = "begun";

    /** An ahead-of-time cache is valid for jars of the size and time that it was made with. */
    private static final FileTime TIME = FileTime.fromMillis(1_577_836_800_000L);

    /** A process that was replaced takes the lock of its folder anew; so long after the last one began, nobody is about to. */
    private static final Duration BETWEEN = Duration.ofMinutes(10);

    /** What stays free for those who need the disk more. */
    private static final long SPARE_BYTES = 512L << 20;

    /** The lock of the folder that this process runs from: the kernel takes it back when the process ends. */
    private static @Nullable FileChannel held;

    private PackedProgram() {}

    /**
     * What a process is to run in place of a jar.
     *
     * @param jar the ordinary jar
     * @param cache whether an ahead-of-time cache of this very virtual machine lies beside it
     */
    record Unpacked(Path jar, boolean cache) {
        List<String> options() {
            List<String> options = new ArrayList<>();
            if (cache) {
                options.add("-XX:AOTCache=" + jar.resolveSibling(CACHE));
                // One that is not valid after all is left aside in silence.
                options.add("-Xlog:disable");
                options.add("-Xlog:all=warning:stderr:uptime,level,tags");
                options.add("-Xlog:aot*=off:stderr");
            }
            return options;
        }
    }

    /** The virtual machine as the jar names the one that its cache was made with. */
    static String virtualMachine() {
        return System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version") + " "
                + System.getProperty("os.arch");
    }

    /**
     * A jar that was laid out with its libraries and its cache beside it, as packages have it: nothing is unpacked of one.
     *
     * @return null for any other jar
     */
    static @Nullable Unpacked ready(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry ready = zip.getEntry(READY);
            if (ready == null) {
                return null;
            }
            try (InputStream in = zip.getInputStream(ready)) {
                String machine = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
                return new Unpacked(
                        jar, machine.equals(virtualMachine()) && Files.isReadable(jar.resolveSibling(CACHE)));
            }
        }
    }

    /**
     * Unpacks a jar, if that was not done before.
     *
     * @param parent holds one folder for each jar; made when it is not there
     * @return null for a jar that brings no program
     */
    static @Nullable Unpacked unpack(Path jar, Path parent) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry id = zip.getEntry(ID);
            if (id == null) {
                return null;
            }
            String[] lines;
            try (InputStream in = zip.getInputStream(id)) {
                lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            }
            if (lines.length < 2 || !lines[0].matches("[0-9a-f]{16}")) {
                throw new IOException(jar + " does not say what it holds");
            }
            boolean cached = lines[1].equals(virtualMachine());
            List<ZipEntry> entries = entries(zip, cached);
            Path target = parent.resolve(cached ? lines[0] : lines[0] + "-plain");
            if (!isWhole(target, entries) || (Files.exists(target.resolve(BEGUN)) && !isUndamaged(target, entries))) {
                unpack(zip, entries, parent, target);
            }
            begin(target);
            return new Unpacked(target.resolve(PROGRAM), cached);
        }
    }

    /** Somebody is about to run from it. A folder that cannot be written to is run from all the same. */
    private static void begin(Path folder) {
        try {
            Files.setLastModifiedTime(folder.resolve(LOCK), FileTime.from(Instant.now()));
            Files.write(folder.resolve(BEGUN), new byte[0]);
        } catch (IOException readOnly) {
            return;
        }
    }

    private static List<ZipEntry> entries(ZipFile zip, boolean cached) {
        List<ZipEntry> entries = new ArrayList<>();
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            String name = entry.getName();
            if ((name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    || name.equals(FOLDER + PROGRAM)
                    || (cached && name.equals(FOLDER + CACHE))) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingLong(ZipEntry::getSize).reversed());
        return entries;
    }

    private static Path file(Path folder, ZipEntry entry) throws IOException {
        String name = entry.getName();
        Path file = name.startsWith(LIBRARIES)
                ? folder.resolve("lib/" + name.substring(LIBRARIES.length()))
                : folder.resolve(name.substring(FOLDER.length()));
        if (!file.normalize().startsWith(folder)) {
            throw new IOException("an entry outside of the archive: " + name);
        }
        return file;
    }

    private static boolean isWhole(Path folder, List<ZipEntry> entries) throws IOException {
        for (ZipEntry entry : entries) {
            if (file(folder, entry).toFile().length() != entry.getSize()) {
                return false;
            }
        }
        return true;
    }

    /** A virtual machine that is given a damaged cache does not complain, it ends. */
    private static boolean isUndamaged(Path folder, List<ZipEntry> entries) throws IOException {
        byte[] buffer = new byte[1 << 20];
        for (ZipEntry entry : entries) {
            CRC32 checksum = new CRC32();
            try (InputStream in = Files.newInputStream(file(folder, entry))) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    checksum.update(buffer, 0, length);
                }
            }
            if (checksum.getValue() != entry.getCrc()) {
                return false;
            }
        }
        return true;
    }

    private static void unpack(ZipFile zip, List<ZipEntry> entries, Path parent, Path target) throws IOException {
        Files.createDirectories(parent);
        removeUnfinished(parent);
        long needed = SPARE_BYTES;
        for (ZipEntry entry : entries) {
            needed += entry.getSize();
        }
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < needed) {
            throw new IOException(
                    "it wants " + (needed >> 20) + " MB in " + parent + ", where " + (free >> 20) + " MB are free");
        }
        Path partial = Files.createTempDirectory(parent, UNFINISHED);
        try (FileChannel ours = FileChannel.open(
                Files.createFile(partial.resolve(LOCK)), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ours.lock(0, Long.MAX_VALUE, true);
            Files.createDirectory(partial.resolve("lib"));
            copy(zip, entries, partial);
            if (Files.isDirectory(target)) {
                // What a crash of the machine left, or what somebody else unpacked meanwhile: who runs from it goes on
                // under its new name.
                Files.move(target, target.resolveSibling(partial.getFileName() + "-broken"));
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(partial);
            // Somebody else was quicker.
            if (!isWhole(target, entries)) {
                throw e;
            }
        }
    }

    /** Of unpackings that were killed: those under way hold their lock. */
    private static void removeUnfinished(Path parent) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, UNFINISHED + "*")) {
            for (Path each : all) {
                if (Files.exists(each.resolve(LOCK)) && !isLocked(each.resolve(LOCK))) {
                    delete(each);
                }
            }
        }
    }

    /** The cache is as large as everything else together, and packed: one thread is busy with it while another copies the rest. */
    private static void copy(ZipFile zip, List<ZipEntry> entries, Path folder) throws IOException {
        List<Future<?>> copies = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (ZipEntry entry : entries) {
                copies.add(threads.submit(() -> {
                    Path file = file(folder, entry);
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                    return Files.setLastModifiedTime(file, TIME);
                }));
            }
        }
        for (Future<?> copy : copies) {
            if (copy.state() == Future.State.FAILED) {
                throw new IOException(copy.exceptionNow());
            }
        }
    }

    /**
     * Keeps the folder that this process runs from, for as long as it runs. The first thing that it does.
     *
     * @param jar where this process has its classes from; any other than an unpacked program is left alone
     */
    public static void keep(Path jar) throws IOException {
        Path folder = jar.toAbsolutePath().getParent();
        if (folder == null || !Files.exists(folder.resolve(LOCK)) || held != null) {
            return;
        }
        FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.READ);
        channel.lock(0, Long.MAX_VALUE, true);
        held = channel;
    }

    /**
     * Once the start came to something: removes the folders beside a kept one that nobody runs from, of earlier versions and of unpackings
     * that were killed.
     */
    public static void clean(Path jar) throws IOException {
        Path folder = jar.toAbsolutePath().getParent();
        if (folder == null || !Files.exists(folder.resolve(LOCK))) {
            return;
        }
        Files.deleteIfExists(folder.resolve(BEGUN));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.getParent())) {
            for (Path each : all) {
                if (!each.equals(folder) && Files.isDirectory(each) && !isUsed(each)) {
                    delete(each);
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
    }

    private static boolean isUsed(Path folder) throws IOException {
        Path lock = folder.resolve(LOCK);
        if (!Files.exists(lock)
                || Files.getLastModifiedTime(lock)
                        .toInstant()
                        .isAfter(Instant.now().minus(BETWEEN))) {
            // Not ours, or between its unpacking and the process that runs it.
            return true;
        }
        return isLocked(lock);
    }

    private static boolean isLocked(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                @Nullable FileLock free = channel.tryLock()) {
            return free == null;
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
