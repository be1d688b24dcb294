// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.container.flv.FlvDemuxer;
import live.millrace.media.container.flv.FlvReader;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.interop.Ffmpeg8;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound of FFmpeg's encoders, made anew by FFmpeg: what comes out, and when it is to be heard. */
class ConvertedSoundIT {
    /** Two hours on air. */
    private static final long BEGIN = 7_200_000;

    /** The largest frame of what goes in, and one of what comes out. */
    private static final long A_FRAME = 60;

    @TempDir
    Path directory;

    private final List<MediaFrame> source = new ArrayList<>();
    private final List<Long> made = new CopyOnWriteArrayList<>();
    private final List<Integer> lengths = new CopyOnWriteArrayList<>();
    private final ExecutorService owner = Executors.newSingleThreadExecutor();

    private Path folder;
    private Converters converters;
    private ConvertedSound sound;
    private Track track;

    @BeforeEach
    void program() throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "FFmpeg 8 for this system");
        folder = ffmpeg.get();
        Path program = TestPrograms.shell(
                directory.resolve("converter"),
                "LD_LIBRARY_PATH=" + folder + " exec " + folder.resolve("ffmpeg") + " \"$@\"");
        converters = new Converters(Optional.of(program));
        make(Recipe.OPUS);
    }

    private void make(Recipe recipe) {
        sound = new ConvertedSound(converters, recipe, owner, frame -> {
            made.add(frame.decodeTime());
            lengths.add(((TrackFormat.Audio) frame.track().format()).samples(frame.payload()));
        });
    }

    @AfterEach
    void close() throws Exception {
        source.forEach(MediaFrame::release);
        if (converters != null) {
            onOwner(sound::close);
            converters.close();
        }
        owner.shutdownNow();
    }

    private void onOwner(Runnable work) throws Exception {
        owner.submit(work).get(10, TimeUnit.SECONDS);
    }

    private void encoded(String codec, int rate, int seconds) throws Exception {
        Path film = directory.resolve("sound.flv");
        Process encoder = Ffmpeg8.start(
                folder,
                "ffmpeg",
                directory.resolve("encoder.log"),
                List.of(
                        "-v",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=r=" + rate + ":d=" + seconds,
                        "-c:a",
                        codec,
                        "-y",
                        film.toString()));
        assertThat(encoder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        FlvDemuxer demuxer = new FlvDemuxer(new FrameSink() {
            @Override
            public void track(Track found) {
                track = found;
            }

            @Override
            public void frame(MediaFrame frame) {
                source.add(frame.at(frame.decodeTime() + BEGIN * frame.track().timescale() / 1_000)
                        .retain());
            }
        });
        new FlvReader((type, millis, body) -> {
                    if (type == FlvReader.AUDIO) {
                        demuxer.audio(millis, body);
                    }
                })
                .take(Unpooled.wrappedBuffer(Files.readAllBytes(film)));
        assertThat(source).hasSizeGreaterThan(10 * seconds);
    }

    private long millis(int index) {
        MediaFrame frame = source.get(index);
        return frame.decodeTime() * 1_000 / frame.track().timescale();
    }

    private void hand(int from, int to) throws Exception {
        onOwner(() -> {
            sound.follow(track);
            source.subList(from, to).forEach(sound::frame);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "aac, 44100, OPUS, 960",
        "aac, 48000, OPUS, 960",
        "aac, 22050, OPUS, 960",
        "libmp3lame, 44100, OPUS, 960",
        "libopus, 48000, AAC, 1024"
    })
    void theSoundStaysWhereItWas(String codec, int rate, Recipe recipe, int samples) throws Exception {
        make(recipe);
        encoded(codec, rate, 3);
        hand(0, source.size());
        Wait.until("most of it comes", () -> made.size() > 115);
        assertThat(made.getFirst() / 48).isCloseTo(millis(0), within(A_FRAME));
        for (int i = 1; i < made.size(); i++) {
            assertThat(made.get(i) - made.get(i - 1)).as("frame " + i).isEqualTo(samples);
        }
        assertThat(lengths).containsOnly(samples);
    }

    @ParameterizedTest
    @CsvSource({"aac, OPUS", "libopus, AAC"})
    void aGapStaysAGap(String codec, Recipe recipe) throws Exception {
        make(recipe);
        encoded(codec, 48_000, 4);
        int half = source.size() / 2;
        hand(0, half - 20);
        hand(half + 20, source.size()); // 0.85 s are missing
        Wait.until("what is behind the gap comes", () -> !made.isEmpty() && made.getLast() / 48 > millis(half + 60));
        Wait.until("nearly all comes", () -> made.getLast() / 48 > millis(source.size() - 1) - 400);
        assertThat(made.getLast() / 48).isLessThanOrEqualTo(millis(source.size() - 1) + A_FRAME);
    }

    @Test
    void aChildThatDiesIsFollowedByAnother() throws Exception {
        encoded("aac", 48_000, 3);
        hand(0, 60);
        Wait.until("it works", () -> !made.isEmpty());
        assertThat(converters.running()).isEqualTo(1);
        ProcessHandle.current()
                .descendants()
                .filter(each ->
                        each.info().arguments().map(List::of).orElse(List.of()).contains("libopus"))
                .forEach(ProcessHandle::destroyForcibly);
        Wait.until("it is gone", () -> converters.running() == 0);
        int before = made.size();
        AtomicInteger next = new AtomicInteger(60);
        Wait.until("another works", () -> {
            int at = next.getAndIncrement();
            MediaFrame frame = source.get(at % source.size());
            long time = source.getFirst().decodeTime() + at * 1_024L;
            onOwner(() -> sound.frame(frame.at(time)));
            return made.size() > before + 10;
        });
        assertThat(made.get(before)).isGreaterThan(made.get(before - 1));
    }

    @Test
    void nobodyListensAnyMore() throws Exception {
        encoded("aac", 48_000, 2);
        hand(0, source.size());
        Wait.until("it works", () -> !made.isEmpty());
        onOwner(sound::close);
        Wait.until("the child is gone", () -> converters.running() == 0);
        int before = made.size();
        hand(0, source.size());
        assertThat(made).hasSize(before);
        assertThat(converters.running()).isZero();
    }
}
