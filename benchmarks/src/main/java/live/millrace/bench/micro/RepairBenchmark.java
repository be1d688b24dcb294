// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recorder;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.SequenceNumbers;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The start after a process was killed that recorded 500 broadcasts: 1,000 open spans, each in the middle, are closed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
public class RepairBenchmark {
    private static final int RECORDINGS = 500;
    private static final int SECONDS = 150;
    private static final int PICTURE_MILLIS = 40;
    private static final int KEY_MILLIS = 2_000;
    private static final int SAMPLES = 1_024;
    private static final int SAMPLE_RATE = 44_100;
    private static final int PICTURE_BYTES = 400;
    private static final int SOUND_BYTES = 100;

    /** What the index of the killed process had heard: that spans were begun. */
    private static final class Left implements RecordingIndex {
        private final List<Recording> left = new ArrayList<>();

        @Override
        public void begun(Recording recording) {}

        @Override
        public void track(String recording, RecordedTrack track) {}

        @Override
        public void span(String recording, RecordedSpan span) {}

        @Override
        public void gap(String recording, RecordingGap gap) {}

        @Override
        public void ended(String recording, Instant at) {}

        @Override
        public Optional<Recording> find(String recording) {
            return Optional.empty();
        }

        @Override
        public List<Recording> unfinished() {
            return left;
        }
    }

    private final Left index = new Left();
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-27T10:00:00Z"));
    private final Path folder;
    private final Path template;
    private final Recording one;
    private @Nullable Recorder recorder;

    public RepairBenchmark() {
        try {
            folder = Files.createTempDirectory("repair");
            template = folder.resolve("template");
            one = record();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Recorder recorder(Path directory, SegmentedBroadcasts cut) {
        return new Recorder(RecordingConfig.defaults(directory), index, cut, clock);
    }

    private SegmentedBroadcasts cut() {
        return new SegmentedBroadcasts(
                SegmenterConfig.defaults(), new SequenceNumbers(folder.resolve("numbers"), clock, Runnable::run));
    }

    /** Records one broadcast, and copies its folder while it goes on. */
    private Recording record() throws IOException {
        SegmentedBroadcasts cut = cut();
        EmbeddedChannel loop = new EmbeddedChannel();
        Path directory = folder.resolve("recorded");
        try (Recorder first = recorder(directory, cut)) {
            StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(first, cut), clock);
            var result = registry.publish(new PublishRequest(
                            StreamPath.live("bench"),
                            new PublisherInfo(
                                    UUID.randomUUID(),
                                    "k1",
                                    new InetSocketAddress("192.0.2.1", 1),
                                    "bench",
                                    "rtmp",
                                    Instant.EPOCH),
                            loop.eventLoop(),
                            _ -> {},
                            Latency.NORMAL,
                            BroadcastIdentity.fresh().recordedAs(Optional.of(RecordingId.fresh()))))
                    .toCompletableFuture();
            loop.runPendingTasks();
            Publisher publisher = ((PublishResult.Accepted) result.join()).publisher();
            Frames.TRACKS.forEach(publisher::track);
            play(publisher);
            loop.runPendingTasks();
            while (first.waitingBytes() > 0) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            Recording recorded =
                    first.recordings().running(StreamPath.live("bench")).orElseThrow();
            copy(directory.resolve(recorded.folder()), template);
            first.closing();
            registry.close();
            loop.runPendingTasks();
            return recorded;
        }
    }

    private static void play(Publisher publisher) {
        long samples = 0;
        for (long millis = 0; millis < SECONDS * 1_000L; millis += PICTURE_MILLIS) {
            boolean key = millis % KEY_MILLIS == 0;
            ByteBuf picture = Unpooled.buffer()
                    .writeInt(PICTURE_BYTES - 4)
                    .writeByte(key ? 0x65 : 0x41)
                    .writeZero(PICTURE_BYTES - 5);
            publisher.frame(new MediaFrame(Frames.VIDEO, millis * 90, 0, key, picture));
            picture.release();
            for (; samples * 1_000 < (millis + PICTURE_MILLIS) * SAMPLE_RATE; samples += SAMPLES) {
                ByteBuf sound = Unpooled.buffer().writeZero(SOUND_BYTES);
                publisher.frame(new MediaFrame(Frames.AUDIO, samples, 0, true, sound));
                sound.release();
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
    }

    @Setup(Level.Invocation)
    public void kill() throws Exception {
        Path directory = folder.resolve("killed");
        index.left.clear();
        for (int i = 0; i < RECORDINGS; i++) {
            String id = RecordingId.fresh();
            Recording copy = new Recording(
                    id,
                    "2026-11/" + id,
                    UUID.randomUUID(),
                    "live/bench" + i,
                    one.startedAt(),
                    Optional.empty(),
                    one.tracks(),
                    one.spans(),
                    one.gaps());
            copy(template, directory.resolve(copy.folder()));
            index.left.add(copy);
        }
        new ProcessBuilder("sync").start().waitFor(); // each segment was forced to the disk when it ended
        recorder = recorder(directory, cut());
    }

    /** Answers how many recordings may go on. */
    @Benchmark
    public int mend() {
        Recorder fresh = Objects.requireNonNull(recorder);
        fresh.mend();
        return fresh.unfinished().size();
    }

    @TearDown(Level.Invocation)
    public void sweep() throws IOException {
        Recorder done = Objects.requireNonNull(recorder);
        int mended = done.unfinished().size();
        done.close();
        remove(folder.resolve("killed"));
        if (mended != RECORDINGS) {
            throw new IllegalStateException(mended + " of " + RECORDINGS + " recordings were mended");
        }
    }

    @TearDown
    public void finish() throws IOException {
        remove(folder);
    }

    private static void remove(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each); // journals go when the index has heard
            }
        }
    }
}
