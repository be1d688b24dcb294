// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.NotNowException;
import live.millrace.media.recording.ArchiveAwayException;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.segment.StoredBytes;

/** Stretches of spans as contents of answers, from the disk or from the archive. Thread-safe; nothing blocks. */
final class SpanContent {
    /** When so many read that no more may wait. */
    private static final Duration BUSY = Duration.ofSeconds(2);

    private final Recordings recordings;
    private final VideoWork work;

    SpanContent(Recordings recordings, VideoWork work) {
        this.recordings = recordings;
        this.work = work;
    }

    /** A stretch of a span. A file that leaves the disk while an answer waits is in the archive by then. */
    HttpAnswer.Content piece(Recording recording, RecordedSpan span, long offset, long length) {
        Optional<Path> file = recordings.open(recording, span, offset, length).file();
        if (file.isEmpty()) {
            return new HttpAnswer.Content.Fetched(
                    length, (from, count) -> fetched(recording, span, offset + from, count));
        }
        Path path = file.get();
        return new HttpAnswer.Content.File(
                path,
                offset,
                length,
                (from, count) -> work.read(() ->
                                StoredBytes.ofFile(path, offset + from, count).read())
                        .exceptionallyCompose(failure -> cause(failure) instanceof NoSuchFileException
                                ? fetched(recording, span, offset + from, count)
                                : CompletableFuture.failedFuture(told(failure))));
    }

    private CompletionStage<ByteBuf> fetched(Recording recording, RecordedSpan span, long offset, int count) {
        return recordings
                .fetch(recording, span, offset, count)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(failure)));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static Throwable told(Throwable failure) {
        return switch (cause(failure)) {
            case ArchiveAwayException away -> new NotNowException(away.again(), away);
            case RejectedExecutionException busy -> new NotNowException(BUSY, busy);
            case Throwable other -> other;
        };
    }
}
