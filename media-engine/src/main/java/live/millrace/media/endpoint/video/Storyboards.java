// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.recording.Storyboard;
import live.millrace.media.segment.StoredBytes;

/**
 * Small pictures for seek bars: a WebVTT file (<a href="https://www.w3.org/TR/webvtt1/">W3C</a>) whose cues name a region of a sheet each
 * (<a href="https://www.w3.org/TR/media-frags/#naming-space">Media Fragments</a>), and the sheets. The identifier of a cue is the wall clock at
 * its picture in milliseconds: a page that shows what is live counts by that. Thread-safe; nothing blocks.
 */
final class Storyboards {
    static final String VTT = "text/vtt; charset=utf-8";
    private static final String JPEG = "image/jpeg";

    /** Pictures are of the first track of them. */
    private static final String TRACK = "v0";

    private final Recordings recordings;
    private final VideoWork work;

    Storyboards(Recordings recordings, VideoWork work) {
        this.recordings = recordings;
        this.work = work;
    }

    /**
     * The cues of all sheets that there are. Nobody keeps the list while one is to come.
     *
     * @param base what leads from the list's address to the folder of the recording
     * @param windowSeconds how much before the end; 0 for all
     */
    CompletionStage<HttpAnswer> list(Recording recording, String base, long windowSeconds) {
        return work.list(() -> {
            List<RecordedSpan> there = recording.spans(TRACK).stream()
                    .filter(span -> Files.exists(sheet(recording, span)))
                    .toList();
            boolean whole = recording.endedAt().isPresent()
                    && there.size() == recording.spans(TRACK).size();
            byte[] text = text(recording, there, base, windowSeconds).getBytes(StandardCharsets.UTF_8);
            return new HttpAnswer(
                    HttpResponseStatus.OK,
                    VTT,
                    whole ? VideoAnswers.FINISHED : VideoAnswers.GROWING,
                    new HttpAnswer.Content.Memory(Unpooled.wrappedBuffer(text)),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    java.util.Map.of());
        });
    }

    private static String text(Recording recording, List<RecordedSpan> there, String base, long windowSeconds) {
        long earliest = windowSeconds == 0 ? 0 : recording.durationMillis() - 1_000 * windowSeconds;
        StringBuilder text = new StringBuilder("WEBVTT\n");
        for (RecordedSpan span : there) {
            Optional<Storyboard> board = board(recording, span);
            if (board.isPresent() && span.endMillis() > earliest) {
                cues(base + TRACK + "-" + span.ordinal() + ".jpg", board.get(), text);
            }
        }
        return text.toString();
    }

    private static void cues(String sheet, Storyboard board, StringBuilder text) {
        for (int i = 0; i < board.pictures().size(); i++) {
            Storyboard.Picture picture = board.pictures().get(i);
            text.append('\n')
                    .append(picture.clock().toEpochMilli())
                    .append('\n')
                    .append(time(picture.startMillis()))
                    .append(" --> ")
                    .append(time(picture.endMillis()))
                    .append('\n')
                    .append(sheet)
                    .append("#xywh=")
                    .append(i % Storyboard.COLUMNS * board.width())
                    .append(',')
                    .append(i / Storyboard.COLUMNS * board.height())
                    .append(',')
                    .append(board.width())
                    .append(',')
                    .append(board.height())
                    .append('\n');
        }
    }

    private static String time(long millis) {
        long seconds = millis / 1_000;
        return String.format(
                Locale.ROOT, "%02d:%02d:%02d.%03d", seconds / 3_600, seconds / 60 % 60, seconds % 60, millis % 1_000);
    }

    /** A sheet; not found when there is none. */
    CompletionStage<HttpAnswer> sheet(Recording recording, String track, long ordinal) {
        Optional<RecordedSpan> found = recording.spans().stream()
                .filter(span -> span.track().equals(track) && span.ordinal() == ordinal)
                .filter(span -> board(recording, span).isPresent())
                .findFirst();
        return work.read(() -> {
            Path path = found.map(span -> sheet(recording, span)).orElse(null);
            long bytes = path == null || !Files.exists(path) ? 0 : Files.size(path);
            return path == null || bytes == 0
                    ? VideoAnswers.notFound()
                    : VideoAnswers.ranges(file(path, bytes), JPEG, VideoAnswers.IMMUTABLE, "\"" + bytes + "\"");
        });
    }

    private HttpAnswer.Content.File file(Path path, long bytes) {
        return new HttpAnswer.Content.File(path, 0, bytes, (from, count) -> work.read(() -> read(path, from, count)));
    }

    private static io.netty.buffer.ByteBuf read(Path path, long from, int count) throws IOException {
        return StoredBytes.ofFile(path, from, count).read();
    }

    private static Optional<Storyboard> board(Recording recording, RecordedSpan span) {
        return recording.tracks().stream()
                .filter(track -> track.name().equals(span.track()) && track.format() == span.format())
                .map((RecordedTrack track) -> Storyboard.of(track, span))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Path sheet(Recording recording, RecordedSpan span) {
        return recordings.path(Storyboard.sheet(recording.object(span)));
    }
}
