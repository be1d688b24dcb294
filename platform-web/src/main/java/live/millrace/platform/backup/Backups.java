// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * The backups that the site takes of itself, in the folder {@code backups} of the data directory, and the one piece of work with them that
 * may be under way. Thread-safe.
 */
@Service
public class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private static final String BEFORE_UPGRADE = "before-";
    private static final int TIME_LENGTH = "20260101-000000.zip".length();
    private static final Pattern NAME =
            Pattern.compile("(?:millrace|" + BEFORE_UPGRADE + "[A-Za-z0-9][A-Za-z0-9.]{0,39})-\\d{8}-\\d{6}\\.zip");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Beside a backup that was proved; its age is that of the proof. */
    private static final String PROVED = ".proved";

    /**
     * A backup.
     *
     * @param provedAt when it was put back as a trial, and was whole; null if it never was
     */
    public record Stored(
            String name, long bytes, Instant at, @Nullable Instant provedAt) {}

    /** What is done with backups. */
    public enum Work {
        TAKE,
        PROVE
    }

    /**
     * Work that is under way, or was the last.
     *
     * @param percent how far it is; 100 once it has ended
     * @param error why it came to nothing, for the operator; null if it did not
     */
    public record Job(
            Work work,
            String name,
            int percent,
            boolean running,
            @Nullable String error) {}

    private final DataSource database;
    private final DataDirectory data;
    private final Clock clock;
    private final AtomicReference<@Nullable Job> job = new AtomicReference<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "backup");
        made.setDaemon(true);
        return made;
    });

    Backups(DataSource database, DataDirectory data, Clock clock) {
        this.database = database;
        this.data = data;
        this.clock = clock;
    }

    public Path folder() {
        return data.resolve("backups");
    }

    /** Those that there are, the newest first. */
    public List<Stored> all() {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Stored> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    stored(file).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing((Stored each) -> time(each.name())).reversed());
        return found;
    }

    private static Optional<Stored> stored(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Path proof = file.resolveSibling(file.getFileName() + PROVED);
            return Optional.of(new Stored(
                    file.getFileName().toString(),
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant(),
                    Files.exists(proof) ? Files.getLastModifiedTime(proof).toInstant() : null));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** Where a backup is; empty for a name that is none. */
    public Optional<Path> find(String name) {
        return Optional.of(name)
                .filter(NAME.asMatchPredicate())
                .map(folder()::resolve)
                .filter(Files::isRegularFile);
    }

    public boolean delete(String name) {
        Optional<Path> found = find(name);
        if (found.isEmpty()) {
            return false;
        }
        try {
            return remove(found.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean remove(Path backup) throws IOException {
        Files.deleteIfExists(backup.resolveSibling(backup.getFileName() + PROVED));
        return Files.deleteIfExists(backup);
    }

    /** What a backup is called that is taken before a version changes the tables. */
    static String beforeUpgrade(String version, Instant at) {
        String plain = version.replaceAll("[^A-Za-z0-9.]", ".").replaceFirst("^\\.+", "");
        return BEFORE_UPGRADE
                + (plain.isEmpty() ? "upgrade" : plain.substring(0, Math.min(plain.length(), 40)))
                + "-"
                + TIME.format(at)
                + SiteBackup.SUFFIX;
    }

    static boolean isBeforeUpgrade(String name) {
        return name.startsWith(BEFORE_UPGRADE) && NAME.matcher(name).matches();
    }

    /** The part of a backup's name that says when it was taken. */
    static String time(String name) {
        return name.substring(name.length() - TIME_LENGTH);
    }

    /** What is under way, or was last; empty since the start of the process. */
    public Optional<Job> job() {
        return Optional.ofNullable(job.get());
    }

    /** Begins to take a backup; answers false where something is under way already. */
    public boolean take() {
        String name = "millrace-" + TIME.format(clock.instant()) + SiteBackup.SUFFIX;
        return begin(Work.TAKE, name, progress -> {
            Manifest taken =
                    SiteBackup.take(database::getConnection, data.resolve(""), folder().resolve(name), progress);
            LOG.info(
                    "Took the backup {}: {} rows, {} files",
                    name,
                    taken.rows(),
                    taken.files().size());
        });
    }

    /** Begins to prove that a backup can be put back; answers false where something is under way already, or it is gone. */
    public boolean prove(String name) {
        Optional<Path> archive = find(name);
        return archive.isPresent()
                && begin(Work.PROVE, name, progress -> {
                    SiteBackup.prove(archive.get(), data.resolve("postgres").resolve("programs"), folder(), progress);
                    Path proof = folder().resolve(name + PROVED);
                    try {
                        Files.deleteIfExists(proof);
                        Files.createFile(proof);
                    } catch (IOException e) {
                        throw new BackupException("It is whole, and that cannot be written down: " + e.getMessage(), e);
                    }
                    LOG.info("The backup {} is whole", name);
                });
    }

    /** Something that takes a while. */
    @FunctionalInterface
    private interface Task {
        void run(Progress progress);
    }

    private boolean begin(Work work, String name, Task task) {
        Job begun = new Job(work, name, 0, true, null);
        @Nullable Job before = job.get();
        if ((before != null && before.running()) || !job.compareAndSet(before, begun)) {
            return false;
        }
        thread.execute(() -> {
            @Nullable String error = null;
            try {
                task.run((percent, _) -> job.set(new Job(work, name, percent, true, null)));
            } catch (BackupException | live.millrace.platform.shared.StartupException | UncheckedIOException e) {
                error = e.getMessage();
                LOG.warn("The backup {} came to nothing: {}", name, error);
            } finally {
                job.set(new Job(work, name, 100, false, error));
            }
        });
        return true;
    }

    /** What is under way is broken off; a file that was not finished is gone. */
    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
