// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.container.mp4.movie.MovieTrack;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of FFmpeg 8, in every codec and layout, read as its own reader reads them: each sample's place, times, and whether it is a key. */
class UploadedMoviesIT {
    private static final List<String> SOURCE =
            List.of("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2:r=48000");

    @TempDir
    Path directory;

    static Stream<Arguments> films() {
        List<String> h264 = List.of("-c:v", "libx264", "-bf", "3", "-g", "20", "-c:a", "aac");
        return Stream.of(
                Arguments.of("H.264, index at the end", ".mp4", h264, ""),
                Arguments.of("H.264, index in front", ".mp4", h264, "+faststart"),
                Arguments.of("H.264, fragments by key frame", ".mp4", h264, "+frag_keyframe+empty_moov"),
                Arguments.of(
                        "H.264, fragments with offsets from moof", ".mp4", h264, "+frag_keyframe+default_base_moof"),
                Arguments.of("QuickTime", ".mov", List.of("-c:v", "libx264", "-c:a", "aac"), ""),
                Arguments.of(
                        "HEVC and Opus",
                        ".mp4",
                        List.of(
                                "-c:v",
                                "libx265",
                                "-x265-params",
                                "log-level=none",
                                "-tag:v",
                                "hvc1",
                                "-c:a",
                                "libopus"),
                        ""),
                Arguments.of(
                        "AV1 and FLAC",
                        ".mp4",
                        List.of("-c:v", "libsvtav1", "-preset", "12", "-c:a", "flac", "-strict", "-2"),
                        ""),
                Arguments.of("VP9 and MP3", ".mp4", List.of("-c:v", "libvpx-vp9", "-c:a", "libmp3lame"), ""),
                Arguments.of("H.264 and AC-3", ".mp4", List.of("-c:v", "libx264", "-c:a", "ac3"), ""),
                Arguments.of("sound alone", ".m4a", List.of("-vn", "-c:a", "aac"), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("films")
    void isReadAsFfmpegReadsIt(String name, String ending, List<String> codecs, String movflags) throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "FFmpeg 8 for this system");
        Path film = directory.resolve("film" + ending);
        List<String> arguments = new ArrayList<>(List.of("-v", "error", "-y"));
        arguments.addAll(SOURCE);
        arguments.addAll(codecs);
        arguments.addAll(movflags.isEmpty() ? List.of() : List.of("-movflags", movflags));
        arguments.add(film.toString());
        assertThat(run(ffmpeg.get(), "ffmpeg", arguments)).isEmpty();
        List<String> expected = run(
                ffmpeg.get(),
                "ffprobe",
                List.of(
                        "-v",
                        "error",
                        "-show_entries",
                        "packet=codec_type,pts,dts,size,pos,flags",
                        "-of",
                        "csv=p=0",
                        film.toString()));
        List<String> read = new ArrayList<>();
        try (SeekableByteChannel file = Files.newByteChannel(film)) {
            for (MovieTrack track : MovieReader.read(file)) {
                for (int i = 0; i < track.size(); i++) {
                    read.add(String.join(
                            ",",
                            track.format() instanceof live.millrace.media.codec.TrackFormat.Video ? "video" : "audio",
                            Long.toString(track.decodeTime(i) + track.compositionTimeOffset(i)),
                            Long.toString(track.decodeTime(i)),
                            Integer.toString(track.bytes(i)),
                            Long.toString(track.offset(i)),
                            track.sync(i) ? "K" : "_"));
                }
            }
        }
        assertThat(read)
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .map(line -> line.replaceAll("([K_])[D_][_C]?.*$", "$1"))
                        .toList());
    }

    private List<String> run(Path folder, String program, List<String> arguments) throws Exception {
        Path output = directory.resolve(program + ".txt");
        Process process = Ffmpeg8.start(folder, program, output, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("Svt["))
                .toList();
    }
}
