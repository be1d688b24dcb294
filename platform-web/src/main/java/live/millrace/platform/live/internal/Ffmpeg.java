// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The optional FFmpeg program as a child process with bounds: it reads what it is handed and nothing else, no file and no address; it
 * gets one thread, some seconds, and so much to answer.
 */
@Component
class Ffmpeg {
    private static final Logger LOG = LoggerFactory.getLogger(Ffmpeg.class);
    private static final int MAX_PICTURE = 512 << 10;
    private static final int SECONDS = 10;

    private static final List<String> PICTURE = List.of(
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
            "-an",
            "-frames:v",
            "1",
            "-vf",
            "scale=640:360:force_original_aspect_ratio=decrease:flags=fast_bilinear",
            "-q:v",
            "6",
            "-f",
            "mjpeg",
            "pipe:1");

    private final Optional<Path> program;

    Ffmpeg(FfmpegSettings settings) {
        String wanted = settings.path();
        program = wanted == null ? onPath() : wanted.isBlank() ? Optional.empty() : Optional.of(Path.of(wanted));
        if (program.isPresent() && !Files.isExecutable(program.get())) {
            throw new live.millrace.platform.shared.StartupException(
                    "millrace.ffmpeg.path names " + program.get() + ", which is no program that can be run.",
                    "Name the ffmpeg program, or leave the setting empty to do without pictures of running streams.");
        }
        LOG.info(
                "Pictures of running streams: {}",
                program.map(found -> "made by " + found).orElse("none, because there is no FFmpeg"));
    }

    private static Optional<Path> onPath() {
        String path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : Arrays.stream(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isBlank())
                        .flatMap(Ffmpeg::candidate)
                        .findFirst();
    }

    private static java.util.stream.Stream<Path> candidate(String folder) {
        try {
            Path found = Path.of(folder, "ffmpeg");
            return Files.isExecutable(found) && Files.isRegularFile(found)
                    ? java.util.stream.Stream.of(found)
                    : java.util.stream.Stream.empty();
        } catch (InvalidPathException noFolder) {
            return java.util.stream.Stream.empty();
        }
    }

    boolean available() {
        return program.isPresent();
    }

    /** The first key picture of an MP4 file as JPEG; empty when there is none or it took too long. Blocks. */
    Optional<byte[]> picture(byte[] file) throws InterruptedException {
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new java.util.ArrayList<>();
        command.add(program.get().toString());
        command.addAll(PICTURE);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException cannotStart) {
            LOG.warn("FFmpeg did not start: {}", cannotStart.getMessage());
            return Optional.empty();
        }
        Thread timer = Thread.ofPlatform().name("ffmpeg-timer").daemon().start(() -> {
            try {
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
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
            byte[] picture = out.readNBytes(MAX_PICTURE + 1);
            return picture.length == 0 || picture.length > MAX_PICTURE ? Optional.empty() : Optional.of(picture);
        } catch (IOException broken) {
            return Optional.empty();
        } finally {
            timer.interrupt();
            timer.join();
        }
    }
}
