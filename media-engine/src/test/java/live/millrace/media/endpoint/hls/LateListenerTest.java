// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentFiles;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentStore;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.StoredBytes;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Playlists beside somebody else who has the broadcast cut: what is kept is what was served, and whoever comes late joins in. */
class LateListenerTest {
    private static final Track PICTURE = SampleTracks.VIDEO;
    private static final Track SOUND = SampleTracks.AUDIO;

    /** Appends every part as it ends to one object for each track, and remembers where segments lie. */
    private static final class Recorder implements SegmentListener {
        private final SegmentStore store;
        private final Map<String, Long> sizes = new HashMap<>();
        private final Map<String, Long> begun = new HashMap<>();
        private final Map<String, StoredBytes> segments = new HashMap<>();
        private final List<CompletionStage<StoredBytes>> writes = new ArrayList<>();

        Recorder(SegmentStore store) {
            this.store = store;
        }

        private static String object(SegmentedTrack track) {
            return "7/" + track.name() + "-1.mp4";
        }

        @Override
        public void tracks(List<SegmentedTrack> tracks) {}

        @Override
        public void part(SegmentedTrack track, Part part) {
            try {
                long at = sizes.getOrDefault(track.name(), 0L);
                if (part.index() == 0) {
                    begun.put(track.name(), at);
                }
                writes.add(store.append(object(track), part.content()));
                sizes.put(track.name(), at + part.content().readableBytes());
            } finally {
                part.content().release();
            }
        }

        @Override
        public void segment(SegmentedTrack track, TrackSegment segment) {
            segment.content().release();
            long from = begun.get(track.name());
            segments.put(
                    segment.mediaSequence() + "." + track.name(),
                    store.open(object(track), from, sizes.get(track.name()) - from));
        }

        @Override
        public void ended() {}
    }

    @TempDir
    private Path directory;

    private HandFed broadcast;
    private SegmentFiles recordings;
    private Recorder recorder;

    @BeforeEach
    void begin() throws Exception {
        broadcast = new HandFed(directory);
        recordings = SegmentFiles.lasting(directory.resolve("recordings"));
        recorder = new Recorder(recordings);
        broadcast.run(() -> {
            broadcast.segmented().subscribe(recorder);
            return null;
        });
        broadcast.tracks(PICTURE, SOUND);
    }

    @AfterEach
    void close() throws Exception {
        broadcast.close();
        recordings.close();
    }

    @Test
    void whatARecorderReadsBackByOffsetIsWhatWasServed() throws Exception {
        broadcast.play(20, PICTURE, SOUND);
        for (CompletionStage<StoredBytes> write : recorder.writes) {
            write.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        int compared = 0;
        for (String name : List.of("v0", "a0")) {
            for (ParsedPlaylist.Entry entry : broadcast.track(name).segments()) {
                StoredSegment served = broadcast.stream()
                        .renditions()
                        .named(name)
                        .orElseThrow()
                        .window()
                        .find(entry.number())
                        .orElseThrow();
                byte[] bytes = bytes(served.bytes(Runnable::run));
                ByteBuf kept =
                        recorder.segments.get(entry.number() + "." + name).read();
                assertThat(ByteBufUtil.getBytes(kept))
                        .as(name + " " + entry.number())
                        .isEqualTo(bytes);
                kept.release();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(8);
    }

    private static byte[] bytes(CompletionStage<ByteBuf> read) throws Exception {
        ByteBuf content = read.toCompletableFuture().get(20, TimeUnit.SECONDS);
        try {
            return ByteBufUtil.getBytes(content);
        } finally {
            content.release();
        }
    }

    /** A viewer's playlists end with the demand; what is cut for the recorder goes on, and so do its numbers. */
    @Test
    void aPlaylistThatBeginsLateGoesOnUnderTheNumbersOfTheCut() throws Exception {
        broadcast.play(5, PICTURE, SOUND);
        broadcast.tracks(PICTURE, SOUND); // a break
        broadcast.play(5, PICTURE, SOUND);
        HlsStream late = broadcast.another();
        ParsedPlaylist open =
                HandFed.read(late.renditions().named("v0").orElseThrow().reload());
        ParsedPlaylist there = broadcast.track("v0");
        assertThat(open.discontinuitySequence()).isEqualTo(there.discontinuitySequence() + 1);
        broadcast.play(6, PICTURE, SOUND);
        assertThat(late.ready()).isCompleted();
        ParsedPlaylist own =
                HandFed.read(late.renditions().named("v0").orElseThrow().reload());
        there = broadcast.track("v0");
        assertThat(own.mediaSequence()).isGreaterThan(there.mediaSequence());
        assertThat(own.segments().getLast().number())
                .isEqualTo(there.segments().getLast().number());
        assertThat(own.segments().getLast().map())
                .isEqualTo(there.segments().getLast().map());
        for (ParsedPlaylist.Entry entry : own.segments()) {
            byte[] here = bytes(late.renditions()
                    .named("v0")
                    .orElseThrow()
                    .window()
                    .find(entry.number())
                    .orElseThrow()
                    .bytes(Runnable::run));
            byte[] first = bytes(broadcast.stream()
                    .renditions()
                    .named("v0")
                    .orElseThrow()
                    .window()
                    .find(entry.number())
                    .orElseThrow()
                    .bytes(Runnable::run));
            assertThat(here).isEqualTo(first);
        }
    }
}
