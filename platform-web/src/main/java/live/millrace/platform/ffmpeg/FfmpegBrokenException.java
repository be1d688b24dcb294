// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.ffmpeg;

import java.io.IOException;

/** FFmpeg did not get to say whether it can: it did not start, was killed, or took too long. Another time it may. */
public final class FfmpegBrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    FfmpegBrokenException(String how) {
        super(how);
    }
}
