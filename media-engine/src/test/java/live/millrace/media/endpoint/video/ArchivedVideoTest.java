// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import live.millrace.media.recording.MemoryArchive;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.SpanHeads;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recordings whose bytes are in the archive: the same answers from there, and clear ones while it is away. */
@ExtendWith(LeakExtension.class)
class ArchivedVideoTest {
    private static final String VIDEO = "/videos/" + OnRecord.ID;

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() throws Exception {
        anna = new OnRecord(directory, Duration.ofSeconds(6));
        anna.publish();
        anna.play(31);
        anna.over();
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    /** Every address of it, with what is answered. */
    private Map<String, byte[]> everything() throws Exception {
        List<String> paths = new ArrayList<>(List.of(
                VIDEO + "/index.m3u8",
                VIDEO + "/v0.m3u8",
                VIDEO + "/a0.m3u8",
                VIDEO + "/v0/0.mp4",
                VIDEO + ".mp4",
                VIDEO + ".m4a",
                VIDEO + ".mp4?start=5000&end=9000",
                "/playback/get?path=anna&start=" + anna.recording().startedAt().plusMillis(5_300) + "&duration=7"));
        for (RecordedSpan span : anna.recording().spans()) {
            paths.add(VIDEO + "/" + span.track() + "-" + span.ordinal() + ".mp4");
            for (RecordedSegment segment : span.segments().segments()) {
                paths.add(VIDEO + "/" + span.track() + "/" + segment.sequence() + ".m4s");
            }
        }
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (String path : paths) {
            HttpResponse<byte[]> answer = anna.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            answers.put(path, answer.body());
        }
        return answers;
    }

    private void same(Map<String, byte[]> before) throws Exception {
        Map<String, byte[]> now = everything();
        assertThat(now.keySet()).isEqualTo(before.keySet());
        now.forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(before.get(path)));
    }

    @Test
    void everyAnswerIsTheSameFromTheArchive() throws Exception {
        Map<String, byte[]> before = everything();
        anna.leavesTheDisk();
        same(before);
        assertThat(anna.store.resolve(
                        anna.recording().object(anna.recording().spans().getFirst())))
                .doesNotExist();
        String file = VIDEO + ".mp4";
        byte[] whole = before.get(file);
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(whole.length);
            int to = from + 1 + random.nextInt(whole.length - from);
            HttpResponse<byte[]> range = anna.get(file, "Range", "bytes=" + from + "-" + (to - 1));
            assertThat(range.statusCode()).isEqualTo(206);
            assertThat(range.body()).isEqualTo(Arrays.copyOfRange(whole, from, to));
        }
        HttpResponse<byte[]> head = anna.send("HEAD", file);
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(whole.length);
    }

    /** The index is read again after a minute: until then it speaks of files that are gone. */
    @Test
    void whoeverStillThinksThatItIsOnTheDiskReadsTheSame() throws Exception {
        Map<String, byte[]> before = everything();
        anna.archive.take(anna.recording(), anna.store);
        assertThat(anna.recording().spans()).allMatch(span -> span.copies() == RecordedSpan.Copies.DISK);
        same(before);
    }

    @Test
    void theSamplesAreListedFromHeadsAndNotFromMedia() throws Exception {
        byte[] before = anna.get(VIDEO + ".mp4").body();
        anna.leavesTheDisk();
        anna.shown(anna.index.get(OnRecord.ID));
        int all = anna.recording().spans().stream()
                .mapToInt(span -> (int) span.bytes())
                .sum();
        // Nothing of it is kept: this is another file.
        HttpResponse<byte[]> beginning = anna.get(VIDEO + ".mp4?start=0", "Range", "bytes=0-99");
        assertThat(beginning.statusCode()).isEqualTo(206);
        assertThat(anna.archive.bytes()).isLessThan(all / 2);
        for (RecordedSpan span : anna.recording().spans()) {
            anna.archive.remove(SpanHeads.object(anna.recording().object(span)));
        }
        assertThat(anna.get(VIDEO + ".mp4?end=31000").body())
                .as("without them it takes longer")
                .isEqualTo(before);
    }

    @Test
    void whileItIsAwayOneIsToldWhenToComeAgain() throws Exception {
        anna.leavesTheDisk();
        anna.archive.away(true);
        long segment = anna.recording().spans("v0").getFirst().segments().firstSequence();
        for (String path : List.of(
                VIDEO + "/v0/" + segment + ".m4s",
                VIDEO + "/v0-0.mp4",
                VIDEO + ".mp4",
                VIDEO + ".m4a",
                VIDEO + "/v0/" + segment + ".m4s")) {
            HttpResponse<byte[]> answer = anna.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(503);
            assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isBetween(1L, 5L);
            assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        }
        for (String path : List.of(VIDEO + "/index.m3u8", VIDEO + "/v0.m3u8", VIDEO + "/v0/0.mp4")) {
            assertThat(anna.status(path)).as(path).isEqualTo(200);
        }
    }

    @Test
    void aFileThatWasListedBeforeIsNotBegunEither() throws Exception {
        anna.leavesTheDisk();
        String segment = VIDEO + "/v0/"
                + anna.recording().spans("v0").getFirst().segments().firstSequence() + ".m4s";
        assertThat(anna.get(VIDEO + ".mp4", "Range", "bytes=0-9").statusCode()).isEqualTo(206);
        anna.archive.away(true);
        for (int i = 0; i < 3; i++) {
            assertThat(anna.status(segment)).isEqualTo(503);
        }
        assertThat(anna.status(VIDEO + ".mp4")).isEqualTo(503);
    }

    @Test
    void whatTheArchiveHasNotIsNotFound() throws Exception {
        anna.leavesTheDisk();
        Recording recording = anna.recording();
        RecordedSpan first = recording.spans("v0").getFirst();
        anna.archive.remove(recording.object(first));
        anna.archive.remove(SpanHeads.object(recording.object(first)));
        assertThat(anna.status(VIDEO + "/v0/" + first.segments().firstSequence() + ".m4s"))
                .isEqualTo(404);
        assertThat(anna.status(VIDEO + ".mp4"))
                .as("the file is made without it")
                .isEqualTo(200);
    }

    /** As many as there are readers wait for an archive that does not answer; what is on the disk is read beside them. */
    @Test
    void otherVideosDoNotWait() throws Exception {
        Recording away = anna.archive.take(anna.index.get(OnRecord.ID), anna.store);
        List<RecordedSpan> spans = new ArrayList<>(away.spans());
        RecordedSpan last = spans.removeLast();
        RecordedSpan here = anna.recording().spans(last.track()).getLast();
        spans.add(here);
        Path file = anna.store.resolve(away.object(here));
        Files.createDirectories(file.getParent());
        Files.write(file, anna.archive.read(away.object(here), 0, (int) here.bytes(), Duration.ZERO));
        anna.shown(MemoryArchive.with(away, spans, Optional.empty()));
        CountDownLatch gate = new CountDownLatch(1);
        anna.archive.waitFor(gate);
        List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
        for (RecordedSpan span : anna.recording().spans("v0")) {
            for (RecordedSegment segment : span.segments().segments()) {
                waiting.add(Beside.supply(() -> get(VIDEO + "/v0/" + segment.sequence() + ".m4s")));
            }
        }
        for (RecordedSegment segment : here.segments().segments()) {
            HttpResponse<byte[]> answer = Beside.supply(
                            () -> get(VIDEO + "/" + here.track() + "/" + segment.sequence() + ".m4s"))
                    .get(10, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        gate.countDown();
        for (CompletableFuture<HttpResponse<byte[]>> each : waiting) {
            assertThat(each.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<byte[]> get(String path) {
        try {
            return anna.get(path);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStretchIsCopiedFromWhereverItIs() throws Exception {
        Recording recording = anna.recording();
        RecordedSpan span = recording.spans("v0").getFirst();
        byte[] all = anna.bytes(span);
        for (boolean away : List.of(false, true)) {
            if (away) {
                anna.leavesTheDisk();
                recording = anna.recording();
                span = recording.spans("v0").getFirst();
            }
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            anna.recorder.recordings().copy(recording, span, 10, all.length - 30, Channels.newChannel(to));
            assertThat(to.toByteArray()).isEqualTo(Arrays.copyOfRange(all, 10, all.length - 20));
        }
    }

    @Test
    void aMirrorIsListedForWhatIsInTheArchiveAlone() throws Exception {
        anna.leavesTheDisk();
        Recording recording = anna.recording();
        List<RecordedSpan> spans = new ArrayList<>(recording.spans());
        anna.shown(MemoryArchive.with(recording, spans, Optional.of("https://cdn.example.org/r")));
        String list = anna.text(VIDEO + "/v0.m3u8");
        for (RecordedSpan span : recording.spans("v0")) {
            for (RecordedSegment segment : span.segments().segments()) {
                assertThat(list)
                        .contains("#EXT-X-BYTERANGE:" + segment.bytes() + "@" + segment.offset()
                                + "\nhttps://cdn.example.org/r/" + recording.object(span) + "\n");
            }
        }
        assertThat(list).contains("#EXT-X-MAP:URI=\"v0/0.mp4\"").doesNotContain(".m4s");
        anna.shown(recording);
        assertThat(anna.text(VIDEO + "/v0.m3u8"))
                .doesNotContain("cdn.example.org")
                .doesNotContain("BYTERANGE");
    }
}
