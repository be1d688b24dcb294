// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.SequenceNumbers;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import live.millrace.media.time.Timescale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut is kept, byte for byte, whatever happens to the encoder, the disk, the index and the process. */
class RecorderTest {
    private static final String ID = "AbC_-123xyz";
    private static final int PICTURE_MILLIS = 200;
    private static final int SOUND_MILLIS = 100;
    private static final int KEY_MILLIS = 2_000;

    /** What everybody else got of the same cut. */
    private static final class Witness implements SegmentListener {
        private final Map<String, Map<Long, ByteArrayOutputStream>> segments = new HashMap<>();
        private final Map<Long, Instant> times = new HashMap<>();

        @Override
        public void tracks(List<SegmentedTrack> tracks) {}

        @Override
        public void part(SegmentedTrack track, Part part) {
            byte[] bytes = ByteBufUtil.getBytes(part.content());
            part.content().release();
            segments.computeIfAbsent(track.name(), _ -> new HashMap<>())
                    .computeIfAbsent(part.mediaSequence(), _ -> new ByteArrayOutputStream())
                    .writeBytes(bytes);
        }

        @Override
        public void segment(SegmentedTrack track, TrackSegment segment) {
            segment.content().release();
            if (track.track().isVideo()) {
                times.put(
                        segment.mediaSequence(),
                        Instant.ofEpochMilli(segment.programDateTime().toEpochMilli()));
            }
        }

        @Override
        public void ended() {}

        byte[] segment(String track, long number) {
            return segments.get(track).get(number).toByteArray();
        }
    }

    @TempDir
    private Path directory;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Witness witness = new Witness();
    private MemoryIndex index = new MemoryIndex();
    private Path store;
    private Instant now = Instant.parse("2026-11-27T10:00:00Z");
    private SegmentedBroadcasts all;
    private StreamRegistry registry;
    private Recorder recorder;
    private Publisher publisher;
    private LiveStream live;
    private long millis;

    @BeforeEach
    void begin() {
        store = directory.resolve("recordings");
        open(RecordingConfig.defaults(store));
    }

    private void open(RecordingConfig config) {
        SequenceNumbers numbers = new SequenceNumbers(directory.resolve("numbers"), () -> now, Runnable::run);
        all = new SegmentedBroadcasts(SegmenterConfig.defaults(), numbers);
        recorder = new Recorder(config, index, all, () -> now, Duration.ofMillis(20));
        registry = new StreamRegistry(HubConfig.defaults(), List.of(recorder, all), () -> now);
    }

    @AfterEach
    void end() {
        recorder.closing();
        registry.close();
        loop.runPendingTasks();
        recorder.close();
    }

    private void publish(BroadcastIdentity identity) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        var result = registry.publish(new PublishRequest(
                        StreamPath.live("anna"), info, loop.eventLoop(), _ -> {}, Latency.NORMAL, identity))
                .toCompletableFuture();
        loop.runPendingTasks();
        publisher = ((PublishResult.Accepted) result.join()).publisher();
        LiveStream stream = publisher.stream();
        if (stream != live) {
            live = stream;
            all.of(live).subscribe(witness);
        }
        publisher.track(SampleTracks.VIDEO);
        publisher.track(SampleTracks.AUDIO);
    }

    private static BroadcastIdentity recorded() {
        return BroadcastIdentity.fresh().recordedAs(Optional.of(ID));
    }

    private void play(double seconds) {
        long end = millis + Math.round(seconds * 1_000);
        for (; millis < end; millis += SOUND_MILLIS) {
            if (millis % PICTURE_MILLIS == 0) {
                frame(SampleTracks.VIDEO, millis % KEY_MILLIS == 0);
            }
            frame(SampleTracks.AUDIO, true);
            now = now.plusMillis(SOUND_MILLIS);
        }
        loop.runPendingTasks();
    }

    private void frame(Track track, boolean key) {
        ByteBuf payload = Unpooled.buffer()
                .writeInt(200)
                .writeByte(key ? 0x65 : 0x41)
                .writeByte(0)
                .writeLong(millis)
                .writeZero(190);
        long time = Timescale.convert(millis, Timescale.MILLIS, track.timescale());
        publisher.frame(new MediaFrame(track, time, 0, key, payload));
        payload.release();
    }

    private void over() throws Exception {
        endBroadcast();
        Wait.until("the end is heard", () -> index.heard().contains("ended"));
    }

    private void endBroadcast() {
        registry.end(StreamPath.live("anna"));
        loop.runPendingTasks();
    }

    private Recording kept() {
        return index.get(ID);
    }

    /** Each whole segment of a recording is, byte for byte, what everybody else got; returns the numbers of the pictures'. */
    private List<Long> compare(Recording recording, Path store) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (RecordedSpan span : recording.spans()) {
            byte[] bytes = Files.readAllBytes(store.resolve(recording.object(span)));
            ByteBuf head = recording.tracks().stream()
                    .filter(each -> each.name().equals(span.track()) && each.format() == span.format())
                    .findFirst()
                    .orElseThrow()
                    .initialization();
            assertThat(Unpooled.wrappedBuffer(bytes, 0, head.readableBytes())).isEqualTo(head);
            if (span.closed()) {
                assertThat(bytes).hasSize(Math.toIntExact(span.bytes()));
            }
            for (RecordedSegment segment : span.segments().segments()) {
                ByteBuf there = Unpooled.wrappedBuffer(bytes, (int) segment.offset(), segment.bytes());
                byte[] live = witness.segment(span.track(), segment.sequence());
                // The last one of a killed process is as long as its parts that were written.
                assertThat(there).isEqualTo(Unpooled.wrappedBuffer(live, 0, Math.min(live.length, segment.bytes())));
                if (span.track().equals("v0")) {
                    numbers.add(segment.sequence());
                    if (witness.times.containsKey(segment.sequence())) {
                        assertThat(segment.programDateTime()).isEqualTo(witness.times.get(segment.sequence()));
                    }
                }
            }
        }
        return numbers;
    }

    @Test
    void whatIsCutIsKept() throws Exception {
        publish(recorded());
        play(21);
        Wait.until("it is told", () -> index.heard().contains("span v0-0"));
        Recording running =
                recorder.recordings().running(StreamPath.live("anna")).orElseThrow();
        assertThat(running.endedAt()).isEmpty();
        over();
        Recording whole = kept();
        assertThat(compare(whole, store)).hasSize(11);
        assertThat(whole.gaps()).isEmpty();
        assertThat(whole.durationMillis()).isBetween(20_800L, 21_300L);
        assertThat(whole.tracks()).extracting(RecordedTrack::name).containsExactlyInAnyOrder("v0", "a0");
        assertThat(whole.spans()).allSatisfy(span -> {
            assertThat(span.closed()).isTrue();
            assertThat(span.startMillis()).isZero();
        });
        assertThat(index.heard().getFirst()).isEqualTo("begun");
        assertThat(index.heard().getLast()).isEqualTo("ended");
        // The journals are gone: the index has it all.
        try (Stream<Path> files = Files.list(store.resolve(whole.folder()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("v0-0.mp4", "a0-0.mp4");
        }
        Optional<Recording> found =
                recorder.recordings().find(ID).toCompletableFuture().get();
        assertThat(found).hasValueSatisfying(each -> assertThat(each.endedAt()).isPresent());
    }

    @Test
    void whatIsNotToBeKeptIsNot() throws Exception {
        publish(BroadcastIdentity.fresh());
        play(6);
        endBroadcast();
        assertThat(index.heard()).isEmpty();
        assertThat(recorder.statuses()).isEmpty();
    }

    @Test
    void aSlipLeavesNothing() throws Exception {
        publish(recorded());
        play(1.5);
        endBroadcast();
        Wait.until("it is over", () -> recorder.statuses().isEmpty());
        assertThat(index.heard()).isEmpty();
        try (Stream<Path> files = Files.walk(store)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void spansEndAfterTheirTime() throws Exception {
        end();
        RecordingConfig usual = RecordingConfig.defaults(store);
        open(new RecordingConfig(
                store,
                RecordingConfig.Sync.NONE,
                Duration.ofSeconds(6),
                usual.spanBytes(),
                usual.queueBytes(),
                usual.streamQueueBytes(),
                0,
                0));
        publish(recorded());
        play(31);
        over();
        Recording whole = kept();
        assertThat(whole.spans("v0")).hasSizeBetween(5, 6);
        assertThat(compare(whole, store)).hasSize(16).doesNotHaveDuplicates();
        long position = 0;
        for (RecordedSpan span : whole.spans("v0")) {
            assertThat(span.discontinuity()).isFalse();
            assertThat(span.startMillis()).isEqualTo(position);
            position = span.endMillis();
        }
    }

    @Test
    void anEncoderThatReturnsMakesABreakWithItsLength() throws Exception {
        publish(recorded());
        play(8);
        publisher.end();
        loop.runPendingTasks();
        now = now.plusSeconds(12);
        millis = 0; // another clock
        publish(recorded());
        play(8);
        over();
        Recording whole = kept();
        assertThat(compare(whole, store)).hasSize(8);
        assertThat(whole.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.ENCODER);
            assertThat(gap.lostMillis()).isBetween(11_500L, 12_600L);
            assertThat(gap.atMillis()).isBetween(7_800L, 8_300L);
        });
        assertThat(whole.spans("v0")).hasSize(2);
        RecordedSpan second = whole.spans("v0").get(1);
        assertThat(second.discontinuity()).isTrue();
        assertThat(second.startMillis())
                .isEqualTo(whole.spans().stream()
                        .filter(span -> span.ordinal() == 0)
                        .mapToLong(RecordedSpan::endMillis)
                        .max()
                        .orElseThrow());
    }

    @Test
    void anIndexThatIsAwayIsToldLater() throws Exception {
        index.away(true);
        publish(recorded());
        play(12);
        Wait.until("something waits", () -> recorder.untold() > 0);
        assertThat(index.heard()).isEmpty();
        index.away(false);
        over();
        assertThat(compare(kept(), store)).hasSize(6);
        assertThat(index.heard().getFirst()).isEqualTo("begun");
        assertThat(index.heard().getLast()).isEqualTo("ended");
    }

    /** Whoever is slower than what comes loses whole groups of pictures, and says so. */
    @Test
    void whatTheDiskCannotTakeIsLeftOutWhole() throws Exception {
        end();
        open(new RecordingConfig(store, RecordingConfig.Sync.NONE, Duration.ofMinutes(5), 1 << 28, 6_000, 6_000, 0, 0));
        publish(recorded());
        for (int i = 0; i < 200; i++) {
            play(2); // more at once than may wait
        }
        Wait.until("the queue is empty", () -> recorder.waitingBytes() == 0);
        play(4);
        Wait.until("the queue is empty", () -> recorder.waitingBytes() == 0);
        assertThat(recorder.statuses().getFirst().dropped()).isPositive();
        over();
        Recording whole = kept();
        assertThat(compare(whole, store)).isNotEmpty().doesNotHaveDuplicates();
        assertThat(whole.gaps())
                .isNotEmpty()
                .allSatisfy(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.SLOW));
        for (RecordedSpan span : whole.spans("v0")) {
            assertThat(span.segments().segments().getFirst().independent()).isTrue();
        }
    }

    @Test
    void aDiskThatFailsPausesTheRecordingAndNothingElse() throws Exception {
        publish(recorded());
        play(6);
        Wait.until("it is told", () -> index.heard().contains("span v0-0"));
        // A file where the next span's folder would be.
        Path folder = store.resolve(kept().folder());
        Path away = directory.resolve("away");
        publisher.end();
        loop.runPendingTasks();
        Wait.until("the queue is empty", () -> recorder.waitingBytes() == 0);
        Files.move(folder, away);
        Files.writeString(folder, "");
        millis = 0;
        now = now.plusSeconds(1);
        publish(recorded());
        play(6);
        Wait.until(
                "it is paused",
                () -> index.heard().contains("gap DISK")
                        || recorder.statuses().getFirst().paused().isPresent());
        Files.delete(folder);
        Files.move(away, folder);
        Wait.until("it goes on", () -> recorder.statuses().getFirst().paused().isEmpty());
        play(8);
        over();
        Recording whole = kept();
        assertThat(compare(whole, store)).hasSizeBetween(6, 8);
        assertThat(whole.gaps()).extracting(RecordingGap::cause).contains(RecordingGap.Cause.DISK);
    }

    @Test
    void whatIsPausedIsAGap() throws Exception {
        publish(recorded());
        play(6);
        assertThat(recorder.stop(StreamPath.live("anna"))).isTrue();
        Wait.until("it is paused", () -> recorder.statuses().getFirst().paused().isPresent());
        play(6);
        assertThat(recorder.start(live, "another1234")).hasValue(ID);
        Wait.until("it goes on", () -> recorder.statuses().getFirst().paused().isEmpty());
        play(6);
        over();
        assertThat(kept().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PAUSED);
            assertThat(gap.lostMillis()).isBetween(5_000L, 9_000L);
        });
    }

    /** At any moment, with any number of bytes of what was written last: what is whole is there, and it goes on. */
    @Test
    void aProcessThatIsKilledLosesWhatWasNotWhole() throws Exception {
        Random random = new Random(17);
        for (int round = 0; round < 12; round++) {
            BroadcastIdentity identity = recorded();
            publish(identity);
            play(2.3 + random.nextInt(80) / 10.0);
            Wait.until("the queue is empty", () -> recorder.waitingBytes() == 0);
            Path killed = directory.resolve("killed" + round);
            copy(store, killed);
            MemoryIndex left = index.copy();
            cutShort(killed, random);
            boolean known = !left.unfinished().isEmpty();
            end();
            store = killed;
            index = left;
            open(RecordingConfig.defaults(killed));
            recorder.mend();
            assertThat(recorder.unfinished()).hasSize(known ? 1 : 0);
            millis = 0;
            now = now.plusSeconds(7);
            publish(new BroadcastIdentity(identity.id(), Optional.of(now), 0, 0, Optional.of(ID)));
            play(6);
            over();
            Recording whole = kept();
            // What the index had not heard of at all is nobody's; it begins anew.
            assertThat(compare(whole, killed))
                    .hasSizeGreaterThanOrEqualTo(known ? 4 : 3)
                    .doesNotHaveDuplicates();
            assertThat(whole.spans())
                    .allSatisfy(span -> assertThat(span.closed()).isTrue());
            if (known) {
                assertThat(whole.gaps()).anySatisfy(gap -> {
                    assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PROCESS);
                    // The seven seconds, the part that was open, and what was cut off.
                    assertThat(gap.lostMillis()).isBetween(6_500L, 10_500L);
                });
            }
            end();
            store = directory.resolve("next" + round);
            index = new MemoryIndex();
            open(RecordingConfig.defaults(store));
            millis = 0;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    /** As the power does: what was written last is not there, of each file another length. */
    private static void cutShort(Path store, Random random) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                if (!each.endsWith("store-id") && random.nextBoolean()) {
                    try (FileChannel file = FileChannel.open(each, StandardOpenOption.WRITE)) {
                        file.truncate(Math.max(1, file.size() - random.nextInt(500)));
                    }
                }
            }
        }
    }
}
