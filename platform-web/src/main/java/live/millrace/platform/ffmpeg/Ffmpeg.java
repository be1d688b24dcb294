// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.ffmpeg;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.platform.shared.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The optional FFmpeg program as a child process with bounds: it reads what it is handed and nothing else, no file and no address; it
 * gets one thread, some seconds, and so much to answer.
 */
@Component
public class Ffmpeg {
    private static final Logger LOG = LoggerFactory.getLogger(Ffmpeg.class);
    private static final int MAX_PICTURE = 512 << 10;
    private static final Duration PICTURE_TIME = Duration.ofSeconds(10);
    private static final int MAX_SHEET = 4 << 20;
    private static final Duration SHEET_TIME = Duration.ofMinutes(5);

    /** From its last byte to its end. */
    private static final Duration END_TIME = Duration.ofSeconds(5);

    /** An exit status above is a signal's number more. */
    private static final int SIGNALLED = 128;

    /** Before what it is asked for: it decodes random access points alone. */
    private static final List<String> INPUT = List.of(
            "-nostdin",
            "-v",
            "error",
            "-threads",
            "1",
            "-protocol_whitelist",
            "pipe",
            "-f",
            "mp4",
            "-skip_frame",
            "nokey",
            "-i",
            "pipe:0",
            "-an");

    private static final List<String> OUTPUT = List.of("-frames:v", "1", "-f", "mjpeg", "pipe:1");

    private static final List<String> PICTURE =
            List.of("-vf", "scale=640:360:force_original_aspect_ratio=decrease:flags=fast_bilinear", "-q:v", "6");

    /** What nobody waits for gets a tenth of the time of what somebody does, where both want it. */
    private static final List<String> NICE = List.of("-n", "10");

    private final Optional<Path> program;
    private final List<String> steppingBack;

    /** Looks for the program, and refuses to start with one that is named and is none. */
    public Ffmpeg(FfmpegSettings settings) {
        program = find(settings);
        steppingBack = onPath("nice")
                .map(nice ->
                        Stream.concat(Stream.of(nice.toString()), NICE.stream()).toList())
                .orElse(List.of());
        LOG.info(
                "Small pictures: {}",
                program.map(found -> "made by " + found).orElse("none, because there is no FFmpeg"));
    }

    /**
     * The program that settings mean; empty where there is none.
     *
     * @throws StartupException if one is named that is none
     */
    public static Optional<Path> find(FfmpegSettings settings) {
        String wanted = settings.path();
        Optional<Path> found =
                wanted == null ? onPath("ffmpeg") : wanted.isBlank() ? Optional.empty() : Optional.of(Path.of(wanted));
        if (found.isPresent() && !Files.isExecutable(found.get())) {
            throw new StartupException(
                    "millrace.ffmpeg.path names " + found.get() + ", which is no program that can be run.",
                    "Name the ffmpeg program, or leave the setting empty to do without small pictures.");
        }
        return found;
    }

    private static Optional<Path> onPath(String name) {
        String path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : Arrays.stream(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isBlank())
                        .flatMap(folder -> candidate(folder, name))
                        .findFirst();
    }

    private static Stream<Path> candidate(String folder, String name) {
        try {
            Path found = Path.of(folder, name);
            return Files.isExecutable(found) && Files.isRegularFile(found) ? Stream.of(found) : Stream.empty();
        } catch (InvalidPathException noFolder) {
            return Stream.empty();
        }
    }

    /** Whether there is one. */
    public boolean available() {
        return program.isPresent();
    }

    /** The first key picture of an MP4 file as JPEG; empty when there is none or it took too long. Blocks. */
    public Optional<byte[]> picture(byte[] file) throws InterruptedException {
        try {
            return run(List.of(), PICTURE, file, MAX_PICTURE, PICTURE_TIME);
        } catch (FfmpegBrokenException broken) {
            LOG.warn("There is no picture: {}", broken.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The same for what nobody waits for: whatever else the machine does comes first. Blocks.
     *
     * @throws FfmpegBrokenException when it is worth another try
     */
    public Optional<byte[]> laterPicture(byte[] file) throws InterruptedException, FfmpegBrokenException {
        return run(steppingBack, PICTURE, file, MAX_PICTURE, SHEET_TIME);
    }

    /**
     * The key pictures of an MP4 file that are seconds apart, small, on one sheet as JPEG; empty when one of them cannot be decoded. Whatever
     * else the machine does comes first. Blocks.
     *
     * @param width of each in pixels
     * @param height of each in pixels
     * @param leastSeconds what comes sooner after one that is on the sheet is not
     * @throws FfmpegBrokenException when it is worth another try
     */
    public Optional<byte[]> sheet(byte[] file, int width, int height, int columns, int rows, int leastSeconds)
            throws InterruptedException, FfmpegBrokenException {
        String apart = "select='isnan(prev_selected_t)+gte(t-prev_selected_t," + leastSeconds + ")'";
        String small = "scale=" + width + ":" + height + ":flags=area,setsar=1";
        String tiled = "tile=" + columns + "x" + rows;
        List<String> what = List.of("-xerror", "-vf", apart + "," + small + "," + tiled, "-q:v", "5");
        return run(steppingBack, what, file, MAX_SHEET, SHEET_TIME);
    }

    private Optional<byte[]> run(List<String> by, List<String> what, byte[] file, int most, Duration limit)
            throws InterruptedException, FfmpegBrokenException {
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(by);
        command.add(program.get().toString());
        command.addAll(INPUT);
        command.addAll(what);
        command.addAll(OUTPUT);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException cannotStart) {
            throw new FfmpegBrokenException("FFmpeg did not start: " + cannotStart.getMessage());
        }
        long end = System.nanoTime() + limit.toNanos();
        Thread timer = Thread.ofPlatform().name("ffmpeg-timer").daemon().start(() -> {
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException done) {
                process.destroyForcibly();
            }
        });
        Thread.ofPlatform().name("ffmpeg-input").daemon().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(file);
            } catch (IOException enough) {
                // It has its picture and reads no further.
                LOG.trace("FFmpeg read a part", enough);
            }
        });
        try (InputStream out = process.getInputStream()) {
            byte[] picture = out.readNBytes(most + 1);
            if (picture.length > most) {
                return Optional.empty();
            }
            if (process.waitFor(END_TIME.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() > SIGNALLED) {
                throw new FfmpegBrokenException(
                        System.nanoTime() >= end
                                ? "FFmpeg took longer than " + limit.toSeconds() + " s"
                                : "FFmpeg was killed by signal " + (process.exitValue() - SIGNALLED));
            }
            return picture.length == 0 ? Optional.empty() : Optional.of(picture);
        } catch (FfmpegBrokenException broken) {
            throw broken;
        } catch (IOException torn) {
            throw new FfmpegBrokenException("FFmpeg cannot be read: " + torn.getMessage());
        } finally {
            timer.interrupt();
            timer.join();
        }
    }
}
