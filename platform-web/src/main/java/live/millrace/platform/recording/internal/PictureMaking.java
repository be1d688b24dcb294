// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Storyboard;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegBrokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Makes the picture that pages and lists show of a recording or a clip: of its own bytes, about a third into what is shown. Recordings get
 * theirs when they are whole, and anew when a trim changed them; clips at once, also those of what still runs.
 */
@Component
class PictureMaking implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(PictureMaking.class);

    /** Of each kind in a row; the newest first, so what comes meanwhile does not wait for all. */
    private static final int SET = 20;

    /** What breaks it so often is not tried again. */
    private static final int MOST_TIMES = 5;

    /** A machine that kills programs for want of memory has it back later. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    /** A span, and where its bytes are in the store. */
    private record Found(String object, RecordedTrack track, RecordedSpan span) {}

    private final PictureRows rows;
    private final RecordingStore store;
    private final ObjectProvider<Engine> engine;
    private final Ffmpeg ffmpeg;
    private final Clock clock;
    private final Cache<PictureRows.Bare, Integer> broken =
            Caffeine.newBuilder().maximumSize(1_000).build();
    private volatile Instant again = Instant.EPOCH;

    PictureMaking(PictureRows rows, RecordingStore store, ObjectProvider<Engine> engine, Ffmpeg ffmpeg, Clock clock) {
        this.rows = rows;
        this.store = store;
        this.engine = engine;
        this.ffmpeg = ffmpeg;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recording.pictures";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void run() {
        if (ffmpeg.available() && store.ours() && !clock.instant().isBefore(again)) {
            makeSome();
        }
    }

    /** Makes what is missing, a set of it. */
    void makeSome() {
        List<PictureRows.Bare> missing = new ArrayList<>(rows.clips(SET));
        missing.addAll(rows.recordings(SET));
        try {
            for (PictureRows.Bare bare : missing) {
                makeOrCount(bare);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (FfmpegBrokenException said) {
            LOG.debug("The rest waits as well", said);
        }
    }

    /** What FFmpeg breaks at is tried again later, some times. */
    private void makeOrCount(PictureRows.Bare bare) throws FfmpegBrokenException, InterruptedException {
        try {
            make(bare);
            broken.invalidate(bare);
        } catch (FfmpegBrokenException e) {
            Integer before = broken.getIfPresent(bare);
            int times = before == null ? 1 : before + 1;
            broken.put(bare, times);
            LOG.warn("The picture of {} comes later: {}", bare.name(), e.getMessage());
            if (times >= MOST_TIMES) {
                rows.made(bare, null);
            }
            again = clock.instant().plus(PAUSE);
            throw e;
        }
    }

    /**
     * Makes the picture of one; what cannot be decoded has none, and is not tried again.
     *
     * @throws FfmpegBrokenException when it is worth another try
     */
    void make(PictureRows.Bare bare) throws FfmpegBrokenException, InterruptedException {
        Optional<Found> found = rows.span(bare)
                .map(each -> new Found(each.object(), each.track(), each.span()))
                .or(() -> running(bare));
        if (found.isEmpty()) {
            return;
        }
        Optional<byte[]> source;
        try {
            source = source(bare, found.get());
        } catch (IOException unreadable) {
            if (bare.running()) {
                LOG.debug("{} is not there yet: {}", found.get().object(), unreadable.getMessage());
                return;
            }
            LOG.info("There is no picture of {}: {}", found.get().object(), unreadable.getMessage());
            source = Optional.empty();
        }
        Optional<byte[]> jpeg = source.isEmpty() ? Optional.empty() : ffmpeg.laterPicture(source.get());
        if (!rows.made(bare, jpeg.orElse(null))) {
            LOG.debug("{} is not what it was, and gets no picture now", bare.name());
        }
    }

    /** What is recorded now is in no row before its span ends. */
    private Optional<Found> running(PictureRows.Bare bare) {
        return bare.running()
                ? engine.getObject()
                        .runningRecording(bare.channel())
                        .filter(recording -> recording.id().equals(bare.name()))
                        .flatMap(recording -> open(recording, bare))
                : Optional.empty();
    }

    private static Optional<Found> open(Recording recording, PictureRows.Bare bare) {
        return recording.spans("v0").stream()
                .filter(span -> span.startMillis() < bare.toMillis() && span.endMillis() > bare.fromMillis())
                .min(Comparator.comparingInt((RecordedSpan span) -> span.startMillis() > bare.wantedMillis() ? 1 : 0)
                        .thenComparingLong(span -> Math.abs(span.startMillis() - bare.wantedMillis())))
                .flatMap(span -> recording.tracks().stream()
                        .filter(track -> track.name().equals(span.track()) && track.format() == span.format())
                        .findFirst()
                        .map(track -> new Found(recording.object(span), track, span)));
    }

    private Optional<byte[]> source(PictureRows.Bare bare, Found found) throws IOException {
        Optional<Storyboard> still =
                Storyboard.still(found.track(), found.span(), bare.fromMillis(), bare.wantedMillis(), bare.toMillis());
        Path path = store.directory().resolve(found.object());
        return still.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        still.get().source(path, found.track().initialization().readableBytes()));
    }
}
