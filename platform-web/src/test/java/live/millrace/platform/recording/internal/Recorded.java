// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.recording.SegmentTable;
import live.millrace.media.testing.SampleTracks;

/** Recordings as an engine tells of them. */
final class Recorded {
    static final Instant START = Instant.parse("2026-11-27T10:00:00Z");

    private Recorded() {}

    /** One that has its first bytes. */
    static Recording begun(String channel) {
        return begun(channel, UUID.randomUUID());
    }

    static Recording begun(String channel, UUID broadcast) {
        String id = RecordingId.fresh();
        return new Recording(
                id,
                "2026-11/" + id,
                broadcast,
                "live/" + channel,
                START,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }

    static RecordedTrack video() {
        return new RecordedTrack(
                "v0",
                0,
                "avc1.64001f",
                90_000,
                1_280,
                720,
                Unpooled.wrappedBuffer(new byte[] {1, 2, 3}).asReadOnly());
    }

    /** A span of segments of two seconds and a thousand bytes each, behind a head of a hundred. */
    static RecordedSpan span(String track, int ordinal, int segments, boolean closed) {
        SegmentTable table = SegmentTable.of(IntStream.range(0, segments)
                .mapToObj(at -> new RecordedSegment(
                        1_000L + ordinal * 1_000L + at,
                        100 + at * 1_000L,
                        1_000,
                        180_000,
                        true,
                        START.plus(ordinal * 300L + at * 2L, ChronoUnit.SECONDS)))
                .toList());
        return new RecordedSpan(
                track,
                ordinal,
                0,
                ordinal > 0,
                ordinal * 300_000L,
                ordinal * 27_000_000L,
                100 + segments * 1_000L,
                table,
                closed);
    }

    /** A span of thirty seconds: fifteen segments of two, each of two fragments, behind a head of three bytes. Its file is written. */
    static RecordedSpan fragments(Path store, Recording recording, int ordinal) throws IOException {
        ByteBuf file = Unpooled.buffer();
        file.writeBytes(new byte[] {1, 2, 3});
        List<RecordedSegment> segments = new ArrayList<>();
        for (int at = 0; at < 15; at++) {
            int offset = file.readableBytes();
            fragment(at * 180_000L, true, file);
            fragment(at * 180_000L + 90_000, false, file);
            segments.add(new RecordedSegment(
                    1_000L + ordinal * 1_000L + at,
                    offset,
                    file.readableBytes() - offset,
                    180_000,
                    true,
                    START.plus(ordinal * 30L + 2L * at, ChronoUnit.SECONDS)));
        }
        RecordedSpan span = new RecordedSpan(
                "v0", ordinal, 0, false, ordinal * 30_000L, 0, file.readableBytes(), SegmentTable.of(segments), true);
        Path path = store.resolve(recording.object(span));
        Files.createDirectories(path.getParent());
        Files.write(path, ByteBufUtil.getBytes(file));
        return span;
    }

    private static void fragment(long time, boolean sync, ByteBuf file) {
        ByteBuf picture = Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 1, (byte) (sync ? 0x65 : 0x41)});
        FragmentWriter.write(1, SampleTracks.VIDEO, time, List.of(new Sample(90_000, 0, sync, picture)), file);
    }
}
