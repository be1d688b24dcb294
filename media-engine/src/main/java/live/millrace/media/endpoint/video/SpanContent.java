// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.nio.file.Path;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.segment.StoredBytes;

/** Stretches of spans as contents of answers. Thread-safe; nothing blocks. */
final class SpanContent {
    private final Recordings recordings;
    private final VideoWork work;

    SpanContent(Recordings recordings, VideoWork work) {
        this.recordings = recordings;
        this.work = work;
    }

    /** A stretch of a span. */
    HttpAnswer.Content.File piece(Recording recording, RecordedSpan span, long offset, long length) {
        StoredBytes there = recordings.open(recording, span, offset, length);
        Path path = there.file().orElseThrow();
        return new HttpAnswer.Content.File(
                path,
                offset,
                length,
                (from, count) -> work.read(
                        () -> StoredBytes.ofFile(path, offset + from, count).read()));
    }
}
