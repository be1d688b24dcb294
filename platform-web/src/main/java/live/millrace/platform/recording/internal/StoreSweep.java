// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.media.recording.RecordingGap;
import live.millrace.platform.delivery.RecurringWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks once a week whether files and rows fit each other. A file that no row knows is put aside for a week before it goes; a row whose
 * file is gone becomes a gap, unless the bucket has it. Where more than a tenth does not fit, something else is wrong, and nothing is done without somebody's word.
 */
@Component
class StoreSweep implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSweep.class);

    static final String LOST = "lost";
    private static final Duration KEPT = Duration.ofDays(7);

    /** What is younger may not be written down yet. */
    private static final Duration YOUNG = Duration.ofDays(1);

    private static final int MOST_PERCENT = 10;

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");
    private static final Pattern RECORDING = Pattern.compile("[A-Za-z0-9_-]{11}");

    /**
     * What a sweep found.
     *
     * @param files of recordings
     * @param unknown files that no row knows
     * @param missing rows whose file is gone or too short, and that the bucket has not
     * @param refused there was too much of it: nothing was changed
     */
    record Found(long files, long unknown, long missing, boolean refused) {}

    private final RecordingStore store;
    private final SweepRows rows;
    private final IndexRows index;
    private final TransactionTemplate transaction;
    private final Clock clock;

    StoreSweep(RecordingStore store, SweepRows rows, IndexRows index, TransactionTemplate transaction, Clock clock) {
        this.store = store;
        this.rows = rows;
        this.index = index;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recording.sweep";
    }

    @Override
    public Duration every() {
        return Duration.ofDays(7);
    }

    @Override
    public void run() {
        sweep(false);
    }

    /**
     * Sweeps, if the directory is the one that the database is about.
     *
     * @param anyway also where more than a tenth does not fit
     */
    Found sweep(boolean anyway) {
        if (!store.ours()) {
            LOG.warn("{} is not what the database is about: nothing is swept there", store.directory());
            rows.swept(new Found(0, 0, 0, true), clock.instant());
            return new Found(0, 0, 0, true);
        }
        try {
            Found found = look(anyway);
            rows.swept(found, clock.instant());
            return found;
        } catch (IOException e) {
            LOG.warn("{} cannot be swept", store.directory(), e);
            return new Found(0, 0, 0, true);
        }
    }

    private Found look(boolean anyway) throws IOException {
        List<Path> unknown = new ArrayList<>();
        long files = 0;
        for (Path month : folders(store.directory(), MONTH)) {
            for (Path folder : folders(month, RECORDING)) {
                Set<String> known =
                        rows.objects(store.directory().relativize(folder).toString());
                for (Path file : files(folder)) {
                    files++;
                    if (!known.contains(object(file)) && old(file)) {
                        unknown.add(file);
                    }
                }
            }
        }
        List<SweepRows.Span> missing = new ArrayList<>();
        long spans = 0;
        List<SweepRows.Span> some = rows.closed(null);
        while (!some.isEmpty()) {
            spans += some.size();
            for (SweepRows.Span span : some) {
                boolean there = !gone(span);
                if (!span.archived() && !there) {
                    missing.add(span);
                } else if (span.archived() && there != span.local()) {
                    rows.local(span, there);
                }
            }
            some = rows.closed(some.getLast());
        }
        boolean refused = !anyway && (tooMany(unknown.size(), files) || tooMany(missing.size(), spans));
        if (refused) {
            LOG.warn(
                    "Of {} files of recordings {} are unknown, of {} spans {} are gone: too many to do anything about by itself",
                    files,
                    unknown.size(),
                    spans,
                    missing.size());
        } else {
            for (Path file : unknown) {
                putAside(file);
            }
            missing.forEach(this::damaged);
            removeOldLost();
        }
        return new Found(files, unknown.size(), missing.size(), refused);
    }

    /** One or two are no pattern. */
    private static boolean tooMany(long some, long all) {
        return some > 2 && some * 100 > all * MOST_PERCENT;
    }

    private static List<Path> folders(Path parent, Pattern name) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .filter(child ->
                            name.matcher(child.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isRegularFile).sorted().toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        }
    }

    private String object(Path file) {
        return store.directory().relativize(file).toString().replaceFirst("\\.(idx|jpg)$", ".mp4");
    }

    private boolean old(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(clock.instant().minus(YOUNG));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private boolean gone(SweepRows.Span span) {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(store.directory().resolve(span.object()), BasicFileAttributes.class);
            return file.size() < span.bytes();
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be looked at", span.object(), unreadable);
            return false;
        }
    }

    private void putAside(Path file) throws IOException {
        String name = store.directory().relativize(file).toString().replace('/', '_');
        Path folder = store.directory()
                .resolve(LOST)
                .resolve(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString());
        Files.createDirectories(folder);
        try {
            Files.move(file, folder.resolve(name));
            LOG.info("{} is unknown and lies in {} for a week", file, folder);
        } catch (NoSuchFileException meanwhile) {
            LOG.debug("{} is gone", file);
        }
    }

    private void damaged(SweepRows.Span span) {
        LOG.warn(
                "{} is gone, or shorter than it was: {} ms of recording {}",
                span.object(),
                span.duration(),
                span.recording());
        transaction.executeWithoutResult(_ -> index.lock(span.recording()).ifPresent(row -> {
            rows.drop(row.id(), span);
            index.sum(row);
            index.gap(row, new RecordingGap(span.start(), span.duration(), RecordingGap.Cause.DAMAGED));
        }));
    }

    private void removeOldLost() throws IOException {
        Path lost = store.directory().resolve(LOST);
        LocalDate before = LocalDate.ofInstant(clock.instant().minus(KEPT), ZoneOffset.UTC);
        for (Path day : folders(lost, Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"))) {
            if (date(day).isBefore(before)) {
                for (Path file : files(day)) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(day);
            }
        }
    }

    private static LocalDate date(Path day) {
        try {
            return LocalDate.parse(day.getFileName().toString());
        } catch (DateTimeException noDay) {
            return LocalDate.MAX;
        }
    }

    /** Bytes that lie aside. */
    long lostBytes() throws IOException {
        long bytes = 0;
        for (Path day : folders(store.directory().resolve(LOST), Pattern.compile(".*"))) {
            for (Path file : files(day)) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
