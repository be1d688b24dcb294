// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says of a recording is what was told, wherever a crash cut it off. */
class FileIndexTest {
    private static final String ID = "AbC_-123xyz";
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");
    private static final RecordedTrack TRACK =
            new RecordedTrack("v0", 0, "avc1.64001f", 90_000, 1280, 720, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    private static final RecordingGap GAP = new RecordingGap(2_000, 7_000, RecordingGap.Cause.ENCODER);

    @TempDir
    private Path directory;

    private final List<Recording> ended = new ArrayList<>();

    private FileIndex open() {
        return new FileIndex(directory, ended::add);
    }

    private static RecordedSpan span(boolean closed) {
        SegmentTable table = SegmentTable.of(List.of(new RecordedSegment(5, 3, 100, 180_000, true, START)));
        return new RecordedSpan("v0", 0, 0, false, 0, 90_000, 103, table, closed);
    }

    private static void tell(FileIndex index) throws IOException {
        index.begun(new Recording(
                ID,
                "2026-11/" + ID,
                UUID.fromString("00000000-0000-0000-0000-000000000001"),
                "live/anna b",
                START,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of()));
        index.track(ID, TRACK);
        index.span(ID, span(false));
        index.gap(ID, GAP);
        index.gap(ID, GAP);
        index.span(ID, span(true));
    }

    private Path file() {
        return directory.resolve("unfinished").resolve(ID);
    }

    @Test
    void whatWasToldIsFound() throws Exception {
        tell(open());
        Recording found = open().find(ID).orElseThrow();
        assertThat(found.stream()).isEqualTo("live/anna b");
        assertThat(found.startedAt()).isEqualTo(START);
        assertThat(found.tracks()).containsExactly(TRACK);
        assertThat(found.spans()).containsExactly(span(true));
        assertThat(found.gaps()).containsExactly(GAP);
        assertThat(open().unfinished()).containsExactly(found);
    }

    @Test
    void anEndIsToldOnceAndReadNoMoreAtTheStart() throws Exception {
        FileIndex index = open();
        tell(index);
        index.ended(ID, START.plusSeconds(2));
        index.ended(ID, START.plusSeconds(2));
        assertThat(ended)
                .singleElement()
                .satisfies(each -> assertThat(each.endedAt()).hasValue(START.plusSeconds(2)));
        assertThat(open().unfinished()).isEmpty();
        assertThat(open().find(ID)).isPresent();
    }

    /** At each byte: lines before it count, and what is told next is whole. */
    @Test
    void aLineThatWasCutOffIsNone() throws Exception {
        tell(open());
        byte[] whole = Files.readAllBytes(file());
        int head = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;
        for (int length = head; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            FileIndex index = open();
            index.gap(ID, new RecordingGap(9_000, 1, RecordingGap.Cause.PROCESS));
            assertThat(index.find(ID).orElseThrow().gaps().getLast().atMillis()).isEqualTo(9_000);
        }
    }

    @Test
    void namesAreNoPaths() throws Exception {
        assertThat(open().find("../../../etc")).isEmpty();
        assertThat(open().find("unfinished")).isEmpty();
    }

    @FuzzTest
    void foreignBytesFailCleanly(byte[] bytes) {
        FileIndex.parse(bytes);
        // Sums are no barrier to whoever writes the file.
        FileIndex.parse(SpanJournal.line(new String(bytes, StandardCharsets.ISO_8859_1)));
        SpanJournal.read(bytes);
        SpanJournal.read(SpanJournal.line(new String(bytes, StandardCharsets.ISO_8859_1)));
    }
}
