// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a track that is gone leaves in memory and on disk, and for how long. */
@ExtendWith(LeakExtension.class)
class ForgottenTrackTest {
    private static final Track PICTURE = SampleTracks.VIDEO;
    private static final Track STEREO = new Track(Track.AUDIO, new Opus.Format(OpusHead.STEREO));
    private static final Track MONO =
            new Track(Track.AUDIO, new Opus.Format(new OpusHead(1, 0, 48_000, 0, 0, List.of())));

    @TempDir
    private Path directory;

    private HandFed broadcast;

    @BeforeEach
    void begin() throws Exception {
        broadcast = new HandFed(directory);
    }

    @AfterEach
    void close() throws Exception {
        broadcast.close();
    }

    private List<String> sounds() throws Exception {
        return broadcast.written().stream()
                .filter(name -> name.contains(".a0") || name.contains("audio"))
                .toList();
    }

    private void soundComesAndGoes() throws Exception {
        broadcast.tracks(PICTURE, STEREO);
        broadcast.play(2, PICTURE, STEREO);
        broadcast.transport(true);
        broadcast.tracks(PICTURE);
        broadcast.play(8, PICTURE);
    }

    @Test
    void itsFilesAndItsNameGoWhenItsWindowIsOver() throws Exception {
        soundComesAndGoes();
        ParsedPlaylist ended = broadcast.track("a0");
        assertThat(ended.ended()).isTrue();
        String map = ended.entries().getLast().map().orElseThrow().replaceAll(".*/a0/(.*)\\.mp4", "$1");
        assertThat(broadcast.initialization("a0", map)).isPresent();
        assertThat(sounds()).isNotEmpty();
        Wait.until(
                "its name is forgotten",
                () -> broadcast.stream().renditions().named("a0").isEmpty());
        assertThat(broadcast.initialization("a0", map)).isEmpty();
        Wait.until("its files are gone", () -> sounds().stream().noneMatch(name -> name.contains(".a0.")));
        assertThat(broadcast.written()).as("the picture's").anyMatch(name -> name.contains(".v0."));
    }

    @Test
    void aRetiredTransportStreamLeavesNoFile() throws Exception {
        soundComesAndGoes();
        List<String> before =
                sounds().stream().filter(name -> name.contains("audio")).toList();
        assertThat(before).isNotEmpty();
        broadcast.tracks(PICTURE, STEREO);
        broadcast.play(4, PICTURE, STEREO);
        broadcast.transport(true);
        Wait.until("its files are gone", () -> sounds().stream().noneMatch(before::contains));
        assertThat(sounds()).as("those of the next").anyMatch(name -> name.contains("audio"));
    }

    /** Whatever makes a transport stream or a manifest of its segments runs there as well. */
    @Test
    void itsMemoryIsGivenBackOnTheStreamsThread() throws Exception {
        soundComesAndGoes();
        long number = broadcast.track("a0").entries().getLast().number();
        TrackPlaylist gone = broadcast.stream().renditions().named("a0").orElseThrow();
        StoredSegment stored = gone.window().find(number).orElseThrow();
        CountDownLatch due = new CountDownLatch(1);
        broadcast.timers().later(due::countDown, gone.window().millisAfterEnd() + 100);
        broadcast.run(() -> {
            assertThat(due.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stored.memory().refCnt()).isPositive();
            return null;
        });
        Wait.until("it is given back", () -> stored.memory().refCnt() == 0);
    }

    @Test
    void aTrackThatComesAndGoesAThousandTimesCostsNoMoreThanAFew() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            soundComesAndGoes();
            if (i % 50 == 0) {
                broadcast.written();
            }
        }
        assertThat(broadcast.stream().renditions().all()).hasSizeLessThan(40);
        Wait.until("what is left is a few", () -> sounds().size() < 80);
    }

    @Test
    void aFormatThatChangesAThousandTimesCostsNoMoreThanAFew() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            broadcast.tracks(PICTURE, i % 2 == 0 ? STEREO : MONO);
            broadcast.play(2, PICTURE, i % 2 == 0 ? STEREO : MONO);
        }
        ParsedPlaylist playlist = broadcast.track("a0");
        int there = 0;
        String name = playlist.entries().getLast().map().orElseThrow().replaceAll(".*/a0/(init\\d+-)\\d+\\.mp4", "$1");
        for (int i = 0; i < 1_000; i++) {
            there += broadcast.initialization("a0", name + i).isPresent() ? 1 : 0;
        }
        assertThat(there).isBetween(playlist.segments().size(), 300);
        for (ParsedPlaylist.Entry entry : playlist.entries()) {
            String map = entry.map().orElseThrow().replaceAll(".*/a0/(.*)\\.mp4", "$1");
            assertThat(broadcast.initialization("a0", map)).as(map).isPresent();
        }
    }
}
