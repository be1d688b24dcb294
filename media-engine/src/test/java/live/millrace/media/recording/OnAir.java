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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
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

/** A channel, {@code anna}, that is recorded, and somebody who watches all of it: media runs as fast as a test likes. */
final class OnAir implements AutoCloseable {
    static final String ID = "AbC_-123xyz";
    static final StreamPath ANNA = StreamPath.live("anna");
    private static final int PICTURE_MILLIS = 200;
    private static final int SOUND_MILLIS = 100;
    private static final int KEY_MILLIS = 2_000;
    private static final int FRAME_HEAD = 14;

    /** What everybody else got of the same cut. */
    static class Witness implements SegmentListener {
        final Map<String, TreeMap<Long, ByteArrayOutputStream>> segments = new HashMap<>();
        final Map<Long, Instant> times = new HashMap<>();

        @Override
        public void tracks(List<SegmentedTrack> tracks) {}

        @Override
        public void part(SegmentedTrack track, Part part) {
            byte[] bytes = ByteBufUtil.getBytes(part.content());
            part.content().release();
            segments.computeIfAbsent(track.name(), _ -> new TreeMap<>())
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

    final Witness witness;
    Recorder recorder;
    RecordingIndex index;
    Path store;
    LiveStream live;
    Instant now = Instant.parse("2026-11-27T10:00:00Z");
    long millis;

    /** Of each picture. */
    int pictureBytes = 204;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Path directory;
    private final Disk disk;
    private SegmentedBroadcasts all;
    private StreamRegistry registry;
    private Publisher publisher;

    /** With the default settings. */
    OnAir(Path directory, RecordingIndex index) {
        this(directory, index, Disk.REAL, RecordingConfig.defaults(directory.resolve("recordings")));
    }

    /** @param directory for what is not recorded */
    OnAir(Path directory, RecordingIndex index, Disk disk, RecordingConfig config) {
        this(directory, index, disk, config, new Witness());
    }

    OnAir(Path directory, RecordingIndex index, Disk disk, RecordingConfig config, Witness witness) {
        this.witness = witness;
        this.directory = directory;
        this.index = index;
        this.disk = disk;
        this.store = config.directory();
        open(config);
    }

    /** Ends what there is, as a process that goes does, and begins in another. */
    void reopen(RecordingConfig config) {
        close();
        open(config);
    }

    private void open(RecordingConfig config) {
        SequenceNumbers numbers = new SequenceNumbers(directory.resolve("numbers"), () -> now, Runnable::run);
        all = new SegmentedBroadcasts(SegmenterConfig.defaults(), numbers);
        recorder = new Recorder(config, index, all, () -> now, Optional.empty(), disk, Duration.ofMillis(20));
        registry = new StreamRegistry(HubConfig.defaults(), List.of(recorder, all), () -> now);
    }

    @Override
    public void close() {
        recorder.closing();
        registry.close();
        loop.runPendingTasks();
        recorder.close();
    }

    /** A broadcast that begins here and is recorded. */
    static BroadcastIdentity recorded() {
        return BroadcastIdentity.fresh().recordedAs(Optional.of(ID));
    }

    /** The broadcast goes on in this process. */
    BroadcastIdentity resumed(BroadcastIdentity identity) {
        return new BroadcastIdentity(identity.id(), Optional.of(now), 0, 0, Optional.of(ID));
    }

    void publish(BroadcastIdentity identity) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        var result = registry.publish(
                        new PublishRequest(ANNA, info, loop.eventLoop(), _ -> {}, Latency.NORMAL, identity))
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

    /** The encoder goes; the broadcast waits for it. */
    void lose() {
        publisher.end();
        loop.runPendingTasks();
    }

    void play(double seconds) {
        long end = millis + Math.round(seconds * 1_000);
        for (; millis < end; millis += SOUND_MILLIS) {
            if (millis % PICTURE_MILLIS == 0) {
                frame(SampleTracks.VIDEO, millis % KEY_MILLIS == 0, pictureBytes);
            }
            frame(SampleTracks.AUDIO, true, 204);
            now = now.plusMillis(SOUND_MILLIS);
        }
        loop.runPendingTasks();
    }

    private void frame(Track track, boolean key, int bytes) {
        ByteBuf payload = Unpooled.buffer(bytes)
                .writeInt(bytes - 4)
                .writeByte(key ? 0x65 : 0x41)
                .writeByte(0)
                .writeLong(millis)
                .writeZero(bytes - FRAME_HEAD);
        long time = Timescale.convert(millis, Timescale.MILLIS, track.timescale());
        publisher.frame(new MediaFrame(track, time, 0, key, payload));
        payload.release();
    }

    /** Runs what others asked of the stream. */
    void turn() {
        loop.runPendingTasks();
    }

    /** All that came so far is on the disk, or was refused by it. */
    void written() throws Exception {
        Wait.until("the queue is empty", () -> recorder.waitingBytes() == 0);
    }

    /** Plays no faster than the disk takes it. */
    void playWritten(double seconds) throws Exception {
        for (long left = Math.round(seconds * 1_000); left > 0; left -= SOUND_MILLIS) {
            play(SOUND_MILLIS / 1_000.0);
            written();
        }
    }

    /** The broadcast ends; what was recorded may wait. */
    void endBroadcast() {
        registry.end(ANNA);
        loop.runPendingTasks();
    }

    /**
     * Each whole segment of a recording is, byte for byte, what everybody else got, and nothing is in a closed file beside them; returns the
     * numbers of the pictures'.
     */
    List<Long> compare(Recording recording) throws IOException {
        for (RecordedSpan span : recording.spans()) {
            if (span.closed()) {
                assertThat(Files.size(store.resolve(recording.object(span)))).isEqualTo(span.bytes());
            }
        }
        return compareMedia(recording);
    }

    /** The same, whatever else is in the files. */
    List<Long> compareMedia(Recording recording) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (RecordedSpan span : recording.spans()) {
            byte[] bytes = Files.readAllBytes(store.resolve(recording.object(span)));
            ByteBuf head = recording.tracks().stream()
                    .filter(each -> each.name().equals(span.track()) && each.format() == span.format())
                    .findFirst()
                    .orElseThrow()
                    .initialization();
            assertThat(Unpooled.wrappedBuffer(bytes, 0, head.readableBytes())).isEqualTo(head);
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
}
