// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import java.util.Optional;

/**
 * What a transport stream calls a codec (ISO/IEC 13818-1).
 *
 * @param code {@code stream_type} (table 2-34)
 * @param streamId {@code stream_id} of its PES packets (table 2-22)
 * @param registration {@code format_identifier} of a registration descriptor (§2.6.8), where the code alone says too little
 */
public record StreamType(int code, int streamId, Optional<FourCc> registration) {
    private static final int PRIVATE_STREAM_1 = 0xBD;
    private static final int FIRST_AUDIO_STREAM = 0xC0;
    private static final int FIRST_VIDEO_STREAM = 0xE0;

    public static StreamType video(int code) {
        return new StreamType(code, FIRST_VIDEO_STREAM, Optional.empty());
    }

    /** Pictures that a registration descriptor names as well. */
    public static StreamType video(int code, String registration) {
        return new StreamType(code, FIRST_VIDEO_STREAM, Optional.of(FourCc.of(registration)));
    }

    public static StreamType audio(int code) {
        return new StreamType(code, FIRST_AUDIO_STREAM, Optional.empty());
    }

    /** What MPEG does not define itself. */
    public static StreamType privateStream(int code, String registration) {
        return new StreamType(code, PRIVATE_STREAM_1, Optional.of(FourCc.of(registration)));
    }
}
