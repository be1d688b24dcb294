// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingIndex;

/** An index that hears of no end once the process leaves: broadcasts go on in the next one, and so do their recordings. */
record LeavingIndex(RecordingIndex index, BooleanSupplier leaving) implements RecordingIndex {
    @Override
    public void begun(Recording recording) throws IOException {
        index.begun(recording);
    }

    @Override
    public void track(String recording, RecordedTrack track) throws IOException {
        index.track(recording, track);
    }

    @Override
    public void span(String recording, RecordedSpan span) throws IOException {
        index.span(recording, span);
    }

    @Override
    public void gap(String recording, RecordingGap gap) throws IOException {
        index.gap(recording, gap);
    }

    @Override
    public void ended(String recording, Instant at) throws IOException {
        if (!leaving.getAsBoolean()) {
            index.ended(recording, at);
        }
    }

    @Override
    public Optional<Recording> find(String recording) throws IOException {
        return index.find(recording);
    }

    @Override
    public List<Recording> unfinished() throws IOException {
        return index.unfinished();
    }
}
