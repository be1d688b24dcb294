// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import live.millrace.media.recording.MovieImport;
import live.millrace.media.recording.MovieRefusedException;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.recording.UploadView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes uploads in, one after the other, on a thread of its own. What a process that died was at is begun anew; the index hears of a video
 * in the transaction that says that its upload is done.
 */
@Component
class UploadImports implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(UploadImports.class);
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final long NANOS = 1_000_000;

    /** Between two notes of how far it is. */
    private static final Duration NOTE = Duration.ofMillis(500);

    private final UploadRows rows;
    private final UploadFiles files;
    private final Channels channels;
    private final ObjectProvider<Engine> engine;
    private final RecordingIndex index;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Counter done;
    private final Counter refused;

    private boolean wanted;
    private boolean closing;
    private boolean started;

    /** Of the thread that works. */
    private long nextNote = System.nanoTime();

    UploadImports(
            UploadRows rows,
            UploadFiles files,
            Channels channels,
            ObjectProvider<Engine> engine,
            RecordingIndex index,
            TransactionTemplate transaction,
            Clock clock,
            MeterRegistry meters) {
        this.rows = rows;
        this.files = files;
        this.channels = channels;
        this.engine = engine;
        this.index = index;
        this.transaction = transaction;
        this.clock = clock;
        this.done = outcome("done", meters);
        this.refused = outcome("refused", meters);
    }

    private static Counter outcome(String outcome, MeterRegistry meters) {
        return Counter.builder("millrace.uploads")
                .description("Uploads that were taken in, or refused")
                .tag("outcome", outcome)
                .register(meters);
    }

    @EventListener
    void on(EngineStarted event) {
        wake();
    }

    /** There is something to be done, or may be. */
    synchronized void wake() {
        wanted = true;
        if (!started && !closing) {
            started = true;
            Thread.ofPlatform().name("video-uploads").daemon().start(this::run);
        }
        notifyAll();
    }

    @Override
    public synchronized void destroy() {
        closing = true;
        notifyAll();
    }

    private synchronized boolean closing() {
        return closing;
    }

    /** Waits until something may be done; false when nothing will be any more. */
    private synchronized boolean await() throws InterruptedException {
        while (!wanted && !closing) {
            wait();
        }
        wanted = false;
        return !closing;
    }

    private synchronized void pause() throws InterruptedException {
        wanted = true;
        long end = System.nanoTime() + PAUSE.toNanos();
        for (long left = PAUSE.toMillis(); left > 0 && !closing; left = (end - System.nanoTime()) / NANOS) {
            wait(left);
        }
    }

    private void run() {
        try {
            while (await()) {
                try {
                    takeAll();
                } catch (DataAccessException | TransactionException | UncheckedIOException e) {
                    LOG.warn("An upload waits to be taken in: {}", e.toString());
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    /** Also of what nobody expects, a full heap for one: the next that comes begins again. */
    private synchronized void ended() {
        started = false;
    }

    private void takeAll() throws InterruptedException {
        Optional<UploadView> next = rows.next();
        while (next.isPresent() && !closing()) {
            if (!engine.getObject().imports()) {
                return; // once it has started
            }
            take(next.get());
            next = rows.next();
        }
    }

    private void take(UploadView upload) throws InterruptedException {
        if (rows.attempts(upload.id()) >= MAX_ATTEMPTS) {
            LOG.warn("Upload {} is given up: {} times it was not taken in", upload.id(), MAX_ATTEMPTS);
            failed(upload, "FAILED", null);
            return;
        }
        Optional<ChannelView> channel = channels.find(upload.channelId());
        if (channel.isEmpty()) {
            rows.cancel(upload.id(), clock.instant());
            files.remove(upload.id());
            return;
        }
        MovieImport.Target target = new MovieImport.Target(
                RecordingId.fresh(),
                UUID.randomUUID(),
                "live/" + channel.get().name(),
                Instant.ofEpochMilli(clock.millis()));
        rows.begin(upload.id(), target.id(), target.folder(), clock.instant())
                .ifPresent(left -> engine.getObject().removeImport(left));
        try {
            Recording recording =
                    engine.getObject().importMovie(files.file(upload.id()), target, share -> wanted(upload, share));
            if (keep(upload, recording)) {
                done.increment();
            } else {
                engine.getObject().removeImport(target.folder());
            }
            files.remove(upload.id());
        } catch (MovieRefusedException e) {
            LOG.info("Upload {} is not taken: {}", upload.id(), e.getMessage());
            boolean codec = e.reason() == MovieRefusedException.Reason.VIDEO_CODEC
                    || e.reason() == MovieRefusedException.Reason.AUDIO_CODEC;
            failed(upload, e.reason().name(), codec ? e.what() : null);
        } catch (CancellationException e) {
            if (closing()) {
                rows.again(upload.id(), clock.instant());
            } else {
                files.remove(upload.id());
            }
        } catch (IOException e) {
            LOG.warn("Upload {} cannot be taken in now", upload.id(), e);
            if (Files.exists(files.file(upload.id()))) {
                pause();
            } else {
                failed(upload, "FAILED", null);
            }
        } catch (DataAccessException | TransactionException | UncheckedIOException e) {
            engine.getObject().removeImport(target.folder());
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Upload {} cannot be taken in", upload.id(), e);
            failed(upload, "FAILED", null);
        }
    }

    private void failed(UploadView upload, String refusal, @Nullable String codec) {
        rows.fail(upload.id(), refusal, codec, clock.instant());
        refused.increment();
        files.remove(upload.id());
    }

    /** On the thread that works, alone. */
    private boolean wanted(UploadView upload, double share) {
        if (closing()) {
            return false;
        }
        long now = System.nanoTime();
        if (now - nextNote < 0) {
            return true;
        }
        nextNote = now + NOTE.toNanos();
        return rows.progress(upload.id(), (int) Math.min(99, share * 100), clock.instant());
    }

    /** All of it is a video, or nothing: answers whether it is still wanted. */
    private boolean keep(UploadView upload, Recording recording) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            try {
                MovieImport.tell(recording, index);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            rows.uploaded(recording.id(), upload.title());
            boolean done = rows.done(upload.id(), clock.instant());
            if (!done) {
                status.setRollbackOnly();
            }
            return done;
        }));
    }
}
