// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.container.mp4.FragmentReader;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Storyboard;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Small pictures of what was recorded: which moments they show, what a decoder is handed for them, and where pages find them. */
@ExtendWith(LeakExtension.class)
class StoryboardTest {
    private static final String LIST = "/videos/" + OnRecord.ID + "/storyboard.vtt";

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() {
        anna = new OnRecord(directory, Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    private static RecordedTrack track(Recording recording, String name) {
        return recording.tracks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Storyboard board(Recording recording, RecordedSpan span) {
        return Storyboard.of(track(recording, span.track()), span).orElseThrow();
    }

    private Path sheet(Recording recording, RecordedSpan span) {
        return anna.store.resolve(Storyboard.sheet(recording.object(span)));
    }

    @Test
    void aPictureStandsForAboutTenSeconds() throws Exception {
        anna.publish();
        anna.play(75);
        anna.over();
        Recording recording = anna.recording();
        List<Long> starts = new ArrayList<>();
        long before = 0;
        for (RecordedSpan span : recording.spans("v0")) {
            Storyboard board = board(recording, span);
            for (Storyboard.Picture picture : board.pictures()) {
                assertThat(picture.startMillis()).isEqualTo(before);
                assertThat(picture.segment().independent()).isTrue();
                before = picture.endMillis();
                starts.add(picture.startMillis());
            }
            assertThat(before).isEqualTo(span.endMillis());
        }
        assertThat(starts).containsExactly(0L, 10_000L, 20_000L, 30_000L, 40_000L, 50_000L, 60_000L, 70_000L);
        assertThat(Storyboard.of(track(recording, "a0"), recording.spans("a0").getFirst()))
                .isEmpty();
    }

    @Test
    void aSizeFitsAndKeepsItsShape() {
        assertThat(size(1920, 1080)).isEqualTo("160x90");
        assertThat(size(1080, 1920)).isEqualTo("50x90");
        assertThat(size(640, 480)).isEqualTo("120x90");
        assertThat(size(4096, 2)).isEqualTo("160x2");
    }

    private static String size(int width, int height) {
        RecordedTrack track = new RecordedTrack("v0", 0, "avc1.64001f", 90_000, width, height, Unpooled.EMPTY_BUFFER);
        RecordedSegment segment = new RecordedSegment(1, 0, 1, 900_000, true, java.time.Instant.EPOCH);
        RecordedSpan span = new RecordedSpan(
                "v0", 0, 0, false, 0, 0, 1, live.millrace.media.recording.SegmentTable.of(List.of(segment)), true);
        Storyboard board = Storyboard.of(track, span).orElseThrow();
        return board.width() + "x" + board.height();
    }

    @Test
    void aDecoderIsHandedTheFirstFragmentsAlone() throws Exception {
        anna.publish();
        anna.play(25);
        anna.over();
        Recording recording = anna.recording();
        RecordedSpan span = recording.spans("v0").getFirst();
        Storyboard board = board(recording, span);
        int head = track(recording, "v0").initialization().readableBytes();
        byte[] source = board.source(anna.store.resolve(recording.object(span)), head);
        byte[] whole = anna.bytes(span);
        int at = head;
        assertThat(source).startsWith(java.util.Arrays.copyOf(whole, head));
        for (Storyboard.Picture picture : board.pictures()) {
            FragmentReader.Fragment fragment = FragmentReader.read(
                            Unpooled.wrappedBuffer(source, at, source.length - at))
                    .orElseThrow();
            int from = (int) picture.segment().offset();
            assertThat(java.util.Arrays.copyOfRange(source, at, at + fragment.length()))
                    .isEqualTo(java.util.Arrays.copyOfRange(whole, from, from + fragment.length()));
            assertThat(fragment.samples().getFirst().sync()).isTrue();
            at += fragment.length();
        }
        assertThat(at).isEqualTo(source.length).isLessThan(whole.length / 2);

        Path torn = directory.resolve("torn.mp4");
        Files.write(
                torn,
                java.util.Arrays.copyOf(
                        whole, (int) board.pictures().getLast().segment().offset() + 30));
        assertThatThrownBy(() -> board.source(torn, head)).isInstanceOf(IOException.class);
        Files.write(torn, new byte[whole.length]);
        assertThatThrownBy(() -> board.source(torn, head)).isInstanceOf(IOException.class);
    }

    @Test
    void pagesFindThePicturesThatThereAre() throws Exception {
        anna.publish();
        anna.play(70);
        Recording running = anna.recording();
        List<RecordedSpan> spans = running.spans("v0");
        assertThat(spans).hasSize(3);
        assertThat(anna.text(LIST)).isEqualTo("WEBVTT\n");
        assertThat(anna.status("/videos/" + OnRecord.ID + "/v0-0.jpg")).isEqualTo(404);
        Files.write(sheet(running, spans.get(0)), new byte[] {1, 2, 3, 4});
        Files.write(sheet(running, spans.get(1)), new byte[] {5, 6, 7});
        // Nobody closed it yet.
        Files.write(sheet(running, spans.get(2)), new byte[] {8});

        long first =
                board(running, spans.getFirst()).pictures().getFirst().clock().toEpochMilli();
        String list = anna.text(LIST);
        assertThat(list).startsWith("""
                WEBVTT

                %d
                00:00:00.000 --> 00:00:10.000
                v0-0.jpg#xywh=0,0,160,90

                %d
                00:00:10.000 --> 00:00:20.000
                v0-0.jpg#xywh=160,0,160,90
                """.formatted(first, first + 10_000));
        assertThat(list)
                .contains("00:00:50.000 --> 00:01:00.000\nv0-1.jpg#xywh=320,0,160,90\n")
                .doesNotContain("v0-2.jpg");
        assertThat(anna.get(LIST).headers().firstValue("Content-Type")).hasValue("text/vtt; charset=utf-8");
        assertThat(anna.get("/videos/" + OnRecord.ID + "/v0-1.jpg").body()).containsExactly(5, 6, 7);
        assertThat(anna.get("/videos/" + OnRecord.ID + "/v0-1.jpg", "Range", "bytes=1-")
                        .body())
                .containsExactly(6, 7);
        for (String none : List.of("v0-2", "v0-9", "a0-0", "v0", "v0-x", "..%2fv0-0")) {
            assertThat(anna.status("/videos/" + OnRecord.ID + "/" + none + ".jpg"))
                    .as(none)
                    .isIn(400, 404);
        }

        String live = anna.text("/live/anna.storyboard.vtt");
        assertThat(live).contains("\n../videos/" + OnRecord.ID + "/v0-0.jpg#xywh=0,0,");
        assertThat(anna.text("/live/anna.storyboard.vtt?window=20"))
                .contains("v0-1.jpg")
                .doesNotContain("v0-0.jpg");
        assertThat(anna.status("/live/berta.storyboard.vtt")).isEqualTo(404);
        assertThat(anna.status("/live/anna.storyboard.vtt?window=x")).isEqualTo(400);
    }

    @Test
    void nobodyKeepsAListThatMoreComesTo() throws Exception {
        anna.publish();
        anna.play(40);
        anna.over();
        Recording recording = anna.recording();
        List<RecordedSpan> spans = recording.spans("v0");
        assertThat(spans).hasSize(2);
        assertThat(kept()).isEqualTo("no-store");
        Files.write(sheet(recording, spans.get(0)), new byte[] {1});
        assertThat(kept()).isEqualTo("no-store");
        Files.write(sheet(recording, spans.get(1)), new byte[] {2});
        assertThat(kept()).isEqualTo("public, max-age=60");
    }

    private String kept() throws Exception {
        return anna.get(LIST).headers().firstValue("Cache-Control").orElseThrow();
    }
}
