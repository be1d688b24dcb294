// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import live.millrace.media.recording.Storyboard;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.shared.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The directory that the bytes of recordings are in. It bears a name of its own, the same as the database knows: nothing is ever taken out
 * of a directory that belongs to another database, or is not mounted.
 */
@Component
class RecordingStore implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingStore.class);
    private static final String NAME = "store-id";

    /** What an object can be called: the database is believed no more than it has to be. */
    private static final Pattern OBJECT =
            Pattern.compile("[0-9]{4}-[0-9]{2}/[A-Za-z0-9_-]{11}/[va][0-9]{1,3}-[0-9]{1,9}\\.mp4");

    /** What there is room for. */
    record Space(long free, long size) {}

    private final JdbcClient database;
    private final Path directory;
    private final boolean enabled;
    private final boolean archives;

    RecordingStore(JdbcClient database, EngineSettings settings, DataDirectory data) {
        this.database = database;
        this.directory = settings.recording().directory(data);
        this.enabled = settings.recording().enabled();
        this.archives = settings.recording().bucket().config().isPresent();
    }

    /** Names what is new. A directory with another name stays as it is, and nobody clears it up. */
    @Override
    public void afterPropertiesSet() {
        if (!enabled) {
            return;
        }
        try {
            UUID known = known();
            Files.createDirectories(directory);
            Optional<UUID> here = read();
            if (here.isEmpty() && empty()) {
                Files.writeString(directory.resolve(NAME), known + "\n");
            } else if (!here.equals(Optional.of(known))) {
                LOG.warn(
                        "{} holds recordings of another database, or its store-id is lost; nothing is cleared up there. "
                                + "docs/operations.md says what to do",
                        directory);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be had for recordings: {}", directory, e.toString());
        }
    }

    /** The database's name for it, made when there is none. */
    private UUID known() {
        database.sql("insert into recording_store (id) values (?) on conflict do nothing")
                .param(UUID.randomUUID())
                .update();
        return database.sql("select id from recording_store").query(UUID.class).single();
    }

    private Optional<UUID> read() throws IOException {
        try {
            return Optional.of(
                    UUID.fromString(Files.readString(directory.resolve(NAME)).strip()));
        } catch (NoSuchFileException | IllegalArgumentException unnamed) {
            return Optional.empty();
        }
    }

    /** A disk of its own has a folder for what its file system finds. */
    private boolean empty() throws IOException {
        try (var children = Files.list(directory)) {
            return children.allMatch(child -> child.endsWith("lost+found"));
        }
    }

    /** There is a bucket that objects go to. */
    boolean archives() {
        return archives;
    }

    Path directory() {
        return directory;
    }

    /** Whether it is the one that the database is about. */
    boolean ours() {
        try {
            return read().equals(Optional.of(known()));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Of the disk that it is on; empty when there is none. */
    Optional<Space> space() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return Optional.of(new Space(disk.getUsableSpace(), disk.getTotalSpace()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /**
     * Removes an object, with its pictures, what a process that was killed left beside it, and the folders that are empty then. One that is not there was
     * removed before.
     *
     * @return false when it is there still
     */
    boolean remove(String object) {
        if (!OBJECT.matcher(object).matches()) {
            LOG.error("\"{}\" is no object of a recording and stays", object);
            return true;
        }
        return remove(List.of(object, object.replaceFirst("mp4$", "idx"), Storyboard.sheet(object)), object);
    }

    /**
     * Removes an object that is elsewhere as well. Its pictures, which are small, stay.
     *
     * @return false when it is there still
     */
    boolean release(String object) {
        return OBJECT.matcher(object).matches() && remove(List.of(object), object);
    }

    private boolean remove(List<String> files, String object) {
        try {
            for (String file : files) {
                Files.deleteIfExists(directory.resolve(file));
            }
            if (removeEmpty(directory.resolve(object.substring(0, object.lastIndexOf('/'))))) {
                removeEmpty(directory.resolve(object.substring(0, object.indexOf('/'))));
            }
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", object, e.toString());
            return false;
        }
    }

    private static boolean removeEmpty(Path folder) throws IOException {
        try {
            return Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException others) {
            return false;
        }
    }
}
