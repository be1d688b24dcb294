// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.media.recording.Storyboard;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegBrokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes the small pictures that seek bars show: one span after the other, when it is whole, by one child process that decodes a picture every
 * ten seconds. It steps back behind whatever else the machine has to do, so on a busy one they come later, but they come.
 */
@Component
class StoryboardMaking implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(StoryboardMaking.class);

    /** Spans in a row; the newest first, so what comes meanwhile does not wait for all. */
    private static final int SET = 20;

    /** Between two pictures there are nine and a half seconds at least; inside what is handed over for one, there is less than a second. */
    private static final int LEAST_SECONDS = 5;

    /** What breaks it so often is not tried again. */
    private static final int MOST_TIMES = 5;

    /** A machine that kills programs for want of memory has it back later. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final StoryboardRows rows;
    private final RecordingStore store;
    private final Ffmpeg ffmpeg;
    private final Clock clock;
    private final Cache<String, Integer> broken =
            Caffeine.newBuilder().maximumSize(1_000).build();
    private volatile Instant again = Instant.EPOCH;

    StoryboardMaking(StoryboardRows rows, RecordingStore store, Ffmpeg ffmpeg, Clock clock) {
        this.rows = rows;
        this.store = store;
        this.ffmpeg = ffmpeg;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recording.storyboards";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void run() {
        if (ffmpeg.available() && store.ours() && !clock.instant().isBefore(again)) {
            makeSome();
        }
    }

    /** Makes what is missing, a set of it. */
    void makeSome() {
        try {
            for (StoryboardRows.Bare bare : rows.bare(SET)) {
                makeOrCount(bare);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (FfmpegBrokenException said) {
            LOG.debug("The rest waits as well", said);
        } catch (IOException full) {
            LOG.warn("Small pictures of videos cannot be kept now: {}", full.toString());
        }
    }

    /** What FFmpeg breaks at is tried again later, some times. */
    private void makeOrCount(StoryboardRows.Bare bare) throws IOException, InterruptedException {
        try {
            make(bare);
            broken.invalidate(bare.object());
        } catch (FfmpegBrokenException e) {
            Integer before = broken.getIfPresent(bare.object());
            int times = before == null ? 1 : before + 1;
            broken.put(bare.object(), times);
            LOG.warn("Small pictures of {} come later: {}", bare.object(), e.getMessage());
            if (times >= MOST_TIMES) {
                rows.made(bare, 0);
            }
            again = clock.instant().plus(PAUSE);
            throw e;
        }
    }

    /**
     * Makes the sheet of a span; what cannot be decoded has none, and is not tried again.
     *
     * @throws FfmpegBrokenException when it is worth another try
     * @throws IOException when it cannot be written
     */
    void make(StoryboardRows.Bare bare) throws IOException, InterruptedException {
        Optional<Storyboard> board = Storyboard.of(bare.track(), bare.span());
        Optional<byte[]> sheet = board.isEmpty() ? Optional.empty() : sheet(bare, board.get());
        if (sheet.isEmpty()) {
            rows.made(bare, 0);
            return;
        }
        Path path = store.directory().resolve(Storyboard.sheet(bare.object()));
        write(path, sheet.get());
        if (!rows.made(bare, board.get().pictures().size())) {
            Files.deleteIfExists(path);
        }
    }

    private Optional<byte[]> sheet(StoryboardRows.Bare bare, Storyboard board)
            throws InterruptedException, FfmpegBrokenException {
        byte[] source;
        try {
            source = board.source(
                    store.directory().resolve(bare.object()),
                    bare.track().initialization().readableBytes());
        } catch (IOException damaged) {
            LOG.info("There are no pictures of {}: {}", bare.object(), damaged.getMessage());
            return Optional.empty();
        }
        return ffmpeg.sheet(source, board.width(), board.height(), Storyboard.COLUMNS, board.rows(), LEAST_SECONDS);
    }

    /** All of it at once: whoever asks meanwhile finds none. A folder that is gone is not made anew. */
    private static void write(Path path, byte[] bytes) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.write(unfinished, bytes);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException gone) {
            LOG.debug("{} is gone", path.getParent());
        } catch (FileSystemException failed) {
            Files.deleteIfExists(unfinished);
            throw failed;
        }
    }
}
