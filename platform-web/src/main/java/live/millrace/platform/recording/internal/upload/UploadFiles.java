// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.platform.recording.UploadRefusedException;
import live.millrace.platform.recording.UploadRefusedException.Why;
import live.millrace.platform.recording.VideoUploads;
import live.millrace.platform.shared.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The bytes of uploads: a file each. Thread-safe. */
@Component
class UploadFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UploadFiles.class);
    private static final int BUFFER = 64 << 10;
    /** Requests that send to one, the last of which counts: each holds a thread until it notices. */
    private static final int MOST_AT_ONCE = 3;

    private static final String ENDING = ".part";
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_-]{22})\\.part");

    /** How far one is. Whoever comes last sends; who came before may still wait for a connection that is dead. */
    private static final class Sending {
        private long received;
        private int newest;
        private int active;

        Sending(long received) {
            this.received = received;
        }

        synchronized int begin(long offset) {
            if (offset != received) {
                throw new UploadRefusedException(Why.OFFSET, received);
            }
            if (active >= MOST_AT_ONCE) {
                throw new UploadRefusedException(Why.OVERTAKEN);
            }
            active++;
            return ++newest;
        }

        /** Whoever was overtaken says nothing of how far it is: it may be whole by now, and taken in. */
        synchronized void requireNewest(int mine) {
            if (mine != newest) {
                throw new UploadRefusedException(Why.OVERTAKEN);
            }
        }

        synchronized void end() {
            active--;
        }

        synchronized void write(int mine, FileChannel file, ByteBuffer bytes) throws IOException {
            requireNewest(mine);
            while (bytes.hasRemaining()) {
                received += file.write(bytes, received);
            }
        }

        synchronized long received() {
            return received;
        }

        synchronized void stop() {
            newest++;
        }
    }

    private final Path directory;
    private final ConcurrentHashMap<String, Sending> sending = new ConcurrentHashMap<>();

    UploadFiles(DataDirectory data) {
        this.directory = data.resolve("uploads");
    }

    /** Where they are; made when it is not there. */
    Path directory() throws IOException {
        return Files.createDirectories(directory);
    }

    Path file(String id) {
        return directory.resolve(id + ENDING);
    }

    /**
     * Adds bytes to a file.
     *
     * @param known how far it is, as the database knows
     * @param whole bytes that the file has in the end
     * @return how far it is then, also when the body broke off
     */
    long append(String id, long known, long offset, long whole, InputStream body) throws IOException {
        Sending fresh = new Sending(known);
        Sending before = sending.putIfAbsent(id, fresh);
        Sending one = before == null ? fresh : before;
        int mine = one.begin(offset);
        try (FileChannel file = FileChannel.open(
                directory().resolve(id + ENDING), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            copy(body, Math.min(VideoUploads.MAX_PIECE, whole - offset), one, mine, file);
            file.force(false);
            one.requireNewest(mine);
        } finally {
            one.end();
        }
        return one.received();
    }

    private static void copy(InputStream body, long most, Sending to, int mine, FileChannel file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = most;
        for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
            if (read > left) {
                throw new UploadRefusedException(Why.PIECE, VideoUploads.MAX_PIECE);
            }
            left -= read;
            to.write(mine, file, ByteBuffer.wrap(buffer, 0, read));
        }
    }

    /** What there is is kept, however it ends. */
    private static int read(InputStream body, byte[] into) {
        try {
            return body.read(into);
        } catch (IOException broken) {
            LOG.debug("An upload broke off", broken);
            return -1;
        }
    }

    /** How far one is, as far as this process knows. */
    long received(String id, long known) {
        Sending one = sending.get(id);
        return one == null ? known : one.received();
    }

    /** All bytes are there. */
    void finished(String id) {
        sending.remove(id);
    }

    /** Nobody sends to it any more, and its bytes go. */
    void remove(String id) {
        Sending one = sending.remove(id);
        if (one != null) {
            one.stop();
        }
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file(id), e.toString());
        }
    }

    /** The uploads that there are files of. */
    List<String> all() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> name.group(1))
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be looked at: {}", directory, e.toString());
            return List.of();
        }
    }
}
