// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.nio.file.Path;
import java.util.Optional;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegSettings;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether there is an FFmpeg, which small pictures are made by. */
final class FfmpegCheck {
    private FfmpegCheck() {}

    static Finding examine(Environment settings) {
        try {
            Optional<Path> found =
                    Ffmpeg.find(Binder.get(settings).bindOrCreate("millrace.ffmpeg", FfmpegSettings.class));
            return found.map(program -> Finding.good(Subject.FFMPEG, "there", program.toString()))
                    .orElseGet(() -> Finding.note(Subject.FFMPEG, "none"));
        } catch (StartupException named) {
            return Finding.bad(Subject.FFMPEG, "said", named.getMessage() + " " + named.action());
        }
    }
}
