// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Where an installation listened at its last start, in the file {@code last-start} of its data directory; while it runs it holds the lock beside
 * that. Whoever looks at it from outside may not know all of its settings, and what answers at a port may be another installation.
 */
public final class LastStart {
    /** Where plain HTTP is sent on. */
    public static final String REDIRECT = "millrace.https.redirect-port";

    /** 1 where RTSP has its two ports of UDP, else 0. */
    public static final String RTSP_UDP = "millrace.rtsp.udp";

    private static final String FILE = "last-start";

    /** A file of its own, which nobody reads: closing any reader would give the lock back. */
    private static final String LOCK = "last-start.lock";

    /** Far more than it has; what is larger was not written here. */
    private static final long MOST_BYTES = 4_096;

    private static final int MOST_PORT = 65_535;

    private final Properties said;
    private final boolean lives;

    private LastStart(Properties said, boolean lives) {
        this.said = said;
        this.lives = lives;
    }

    /** Nothing is known. */
    static LastStart none() {
        return new LastStart(new Properties(), false);
    }

    /**
     * Writes it, in place of the one before, and holds the lock.
     *
     * @param ports by the settings that choose them; 0 for none
     * @return gives the lock back when it is closed, as the end of the process does
     * @throws IOException if the folder does not take it, or another process holds the lock
     */
    public static Closeable write(DataDirectory data, Map<String, Integer> ports) throws IOException {
        FileChannel lock = FileChannel.open(data.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("another process runs on this folder");
            }
            Properties saying = new Properties();
            ports.forEach((setting, port) -> saying.setProperty(setting, Integer.toString(port)));
            Path partial = data.resolve(FILE + ".part");
            try (Writer file = Files.newBufferedWriter(partial)) {
                saying.store(file, null);
            }
            Files.move(partial, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            return lock;
        } catch (OverlappingFileLockException sameProcess) {
            lock.close();
            throw new IOException("this process runs on this folder already", sameProcess);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** What is written; nothing where there is no such file, or it cannot be read. Not for the process that wrote it. */
    static LastStart read(DataDirectory data) {
        Properties said = new Properties();
        Path file = data.resolve(FILE);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return none();
            }
            try (Reader in = Files.newBufferedReader(file)) {
                said.load(in);
            }
            return new LastStart(said, held(data.resolve(LOCK)));
        } catch (IOException | IllegalArgumentException unreadable) {
            return none();
        }
    }

    private static boolean held(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                @Nullable FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return free == null;
        } catch (OverlappingFileLockException sameProcess) {
            return true;
        }
    }

    /** Whether there was a start that wrote it. */
    boolean known() {
        return !said.isEmpty();
    }

    /** Whether the process that wrote it lives. */
    boolean lives() {
        return lives;
    }

    /** Where it listened; empty where nothing is known. */
    OptionalInt port(String setting) {
        try {
            int port = Integer.parseInt(said.getProperty(setting, ""));
            return port >= 0 && port <= MOST_PORT ? OptionalInt.of(port) : OptionalInt.empty();
        } catch (NumberFormatException unknown) {
            return OptionalInt.empty();
        }
    }
}
