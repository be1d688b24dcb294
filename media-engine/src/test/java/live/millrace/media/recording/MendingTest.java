// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier process left is mended, however late the index says what it was. */
class MendingTest {
    @TempDir
    private Path directory;

    private final MemoryIndex index = new MemoryIndex();

    /** As a process that is killed leaves it, in a folder of its own. */
    private BroadcastIdentity leave() throws Exception {
        BroadcastIdentity identity = OnAir.recorded();
        try (OnAir air = new OnAir(directory, index)) {
            air.publish(identity);
            air.play(9);
            air.written();
            Wait.until("it is told", () -> index.heard().contains("span v0-0"));
        }
        return identity;
    }

    @Test
    void anEngineThatStartsWithoutItsIndexMendsLater() throws Exception {
        BroadcastIdentity left = leave();
        index.away(true);
        EnginePorts ports = EnginePorts.openToViewers(
                attempt -> CompletableFuture.completedStage(
                        new PublishDecision.Granted(attempt.key().orElseThrow().secret(), "key")),
                OpenEngine.SILENT,
                OpenEngine.DEAF);
        try (MediaEngine engine = MediaEngine.start(
                OpenEngine.config(directory).with(RecordingConfig.defaults(directory.resolve("recordings"))),
                ports.with(index))) {
            Recorder recorder = engine.recorder().orElseThrow();
            assertThat(recorder.unfinished()).isEmpty();
            index.away(false);
            Wait.until("it is mended", () -> recorder.unfinished().contains(left.id()));
            recorder.finish(left.id());
            Wait.until("the end is heard", () -> index.heard().contains("ended"));
            Optional<Recording> found =
                    recorder.recordings().find(OnAir.ID).toCompletableFuture().get();
            assertThat(found)
                    .hasValueSatisfying(
                            each -> assertThat(each.durationMillis()).isGreaterThan(7_900));
        }
    }

    /** The index is away while the process starts and the encoder comes back; nothing of before and nothing of now is lost. */
    @Test
    void whoGoesOnBeforeTheIndexAnswersIsKept() throws Exception {
        try (OnAir air = new OnAir(directory, index)) {
            BroadcastIdentity identity = OnAir.recorded();
            air.publish(identity);
            air.play(9);
            air.written();
            Wait.until("it is told", () -> index.heard().contains("span v0-0"));
            index.away(true);
            air.now = air.now.plusSeconds(20);
            air.reopen(RecordingConfig.defaults(air.store));
            air.recorder.mend();
            air.millis = 0;
            air.publish(air.resumed(identity));
            air.play(9);
            assertThat(air.recorder.statuses()).hasSize(1);
            assertThat(air.recorder.statuses().getFirst().written()).isZero();
            index.away(false);
            Wait.until("it is written", () -> air.recorder.statuses().getFirst().written() > 0);
            air.play(6);
            Recording whole = over(air);
            // Five of before, the last of them cut off by the end of the process, and seven, the last of which the end
            // cut off.
            assertThat(air.compare(whole)).hasSize(13).doesNotHaveDuplicates();
            assertThat(whole.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PROCESS);
                assertThat(gap.lostMillis()).isBetween(19_000L, 21_500L);
            });
        }
    }

    /** Whoever says so before anybody knows what there is. */
    @Test
    void whatWillNotGoOnEndsWhenItIsMended() throws Exception {
        BroadcastIdentity left = leave();
        index.away(true);
        try (OnAir air = new OnAir(directory, index)) {
            air.recorder.mend();
            assertThat(air.recorder.unfinished()).isEmpty();
            assertThat(air.recorder.finish(left.id())).isTrue();
            index.away(false);
            Wait.until("the end is heard", () -> index.heard().contains("ended"));
            assertThat(index.get(OnAir.ID).spans()).hasSize(2).allMatch(RecordedSpan::closed);
            assertThat(air.recorder.unfinished()).isEmpty();
            assertThat(air.recorder.finish(left.id())).isFalse();
        }
    }

    /** Killed the moment that a span was begun: what has no fragment goes, and what has one is left to the sweep. */
    @Test
    void whatWasOnlyBegunLeavesNothing() throws Exception {
        BroadcastIdentity left = leave();
        Recording known = index.get(OnAir.ID);
        try (OnAir air = new OnAir(directory, index)) {
            Path folder = air.store.resolve(known.folder());
            byte[] whole = Files.readAllBytes(
                    air.store.resolve(known.object(known.spans("v0").getFirst())));
            int head = known.tracks().stream()
                    .filter(RecordedTrack::isVideo)
                    .findFirst()
                    .orElseThrow()
                    .initialization()
                    .readableBytes();
            Files.write(folder.resolve("v0-70.mp4"), new byte[0]);
            Files.write(folder.resolve("v0-71.mp4"), Arrays.copyOf(whole, head));
            Files.write(folder.resolve("v0-72.mp4"), Arrays.copyOf(whole, head + 20));
            for (int ordinal = 70; ordinal < 74; ordinal++) {
                Files.writeString(folder.resolve("v0-" + ordinal + ".idx"), "span v0");
            }
            air.recorder.mend();
            assertThat(air.recorder.unfinished()).containsExactly(left.id());
            for (int gone : new int[] {70, 71, 73}) {
                assertThat(folder.resolve("v0-" + gone + ".mp4")).doesNotExist();
                assertThat(folder.resolve("v0-" + gone + ".idx")).doesNotExist();
            }
            assertThat(folder.resolve("v0-72.mp4")).exists();
            assertThat(folder.resolve("v0-72.idx")).exists();
        }
    }

    /** Whoever is killed between the two files of a span leaves the one by which it is found, and whose number is not taken again. */
    @Test
    void theJournalOfASpanIsThereFirst() throws Exception {
        Disk killing = new Disk() {
            @Override
            public FileChannel open(Path path, OpenOption... options) throws IOException {
                if (path.toString().endsWith(".mp4")) {
                    throw new IllegalStateException("killed");
                }
                return Disk.super.open(path, options);
            }
        };
        SpanHead head = new SpanHead(
                BroadcastRecording.recorded(new SegmentedTrack(SampleTracks.VIDEO, 0, 0), 0), 0, false, 0, 0, 1, 0);
        Path span = directory.resolve("v0-0.mp4");
        assertThatThrownBy(() -> SpanFile.create(killing, span, head, false)).hasMessage("killed");
        assertThat(span).doesNotExist();
        assertThat(SpanFile.anyOf(span)).isTrue();
    }

    /** It was killed before the index, which was away, had heard of the recording at all. */
    @Test
    void whatNobodyHeardOfIsFoundByWhoGoesOn() throws Exception {
        Path killed = directory.resolve("killed");
        index.away(true);
        BroadcastIdentity identity = OnAir.recorded();
        MemoryIndex empty = new MemoryIndex();
        try (OnAir air = new OnAir(directory, index)) {
            air.publish(identity);
            air.play(9);
            air.written();
            RecorderTest.copy(air.store, killed);
            index.away(false);
            air.index = empty;
            air.store = killed;
            air.reopen(RecordingConfig.defaults(killed));
            air.recorder.mend();
            air.millis = 0;
            air.now = Instant.parse("2026-11-27T10:01:00Z");
            air.publish(air.resumed(identity));
            air.play(6);
            air.endBroadcast();
            Wait.until("the end is heard", () -> empty.heard().contains("ended"));
            Recording whole = empty.get(OnAir.ID);
            assertThat(empty.heard().getFirst()).isEqualTo("begun");
            assertThat(air.compare(whole)).hasSizeBetween(7, 8).doesNotHaveDuplicates();
            assertThat(whole.startedAt()).isBefore("2026-11-27T10:00:01Z");
            assertThat(whole.gaps())
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PROCESS));
        }
    }

    /** Those of many broadcasts, at once: all are closed, with all that was whole, and their journals go. */
    @Test
    void everyOneOfManyIsMended() throws Exception {
        Path store = directory.resolve("many");
        MemoryIndex many = new MemoryIndex();
        Recording one;
        try (OnAir air = new OnAir(directory, index)) {
            air.publish(OnAir.recorded());
            air.play(21);
            air.written();
            Wait.until("it is told", () -> index.heard().contains("span a0-0"));
            one = index.get(OnAir.ID);
            for (int i = 0; i < 60; i++) {
                String id = RecordingId.fresh();
                Recording copy = new Recording(
                        id,
                        "2026-11/" + id,
                        UUID.randomUUID(),
                        one.stream(),
                        one.startedAt(),
                        one.endedAt(),
                        one.tracks(),
                        one.spans(),
                        one.gaps());
                many.put(copy);
                RecorderTest.copy(air.store.resolve(one.folder()), store.resolve(copy.folder()));
            }
            air.index = many;
            air.store = store;
            air.reopen(RecordingConfig.defaults(store));
            air.recorder.mend();
            assertThat(air.recorder.unfinished()).hasSize(60);
            Wait.until("the index has heard", () -> air.recorder.untold() == 0);
            for (Recording left : many.unfinished()) {
                assertThat(left.spans()).hasSize(2).allMatch(RecordedSpan::closed);
                assertThat(left.durationMillis()).isGreaterThan(20_000);
                assertThat(air.compare(left)).hasSize(11);
                try (Stream<Path> files = Files.list(store.resolve(left.folder()))) {
                    assertThat(files.map(Path::toString)).hasSize(2).allMatch(file -> file.endsWith(".mp4"));
                }
            }
        }
    }

    private Recording over(OnAir air) throws Exception {
        air.endBroadcast();
        Wait.until("the end is heard", () -> index.heard().contains("ended"));
        return index.get(OnAir.ID);
    }
}
