// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * Frames of AAC that decode to nothing. A player whose sound track has a hole stops at the hole, pictures or not; silence keeps it
 * going.
 */
final class Silence {
    /** One raw data block with a channel element whose spectrum is empty (ISO/IEC 14496-3 §4.4.2.1). */
    private static final ByteBuf MONO = constant("01182007");

    private static final ByteBuf STEREO = constant("211004608c1c");

    /** AAC-LC, 48 kHz, stereo: the sound of a stream that has none. */
    static final Track TRACK = new Track(
            Track.AUDIO,
            new Aac.Format(AudioSpecificConfig.parse(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("1190")))));

    private Silence() {}

    private static ByteBuf constant(String hex) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                .writeBytes(ByteBufUtil.decodeHexDump(hex))
                .asReadOnly());
    }

    /** A frame that fits between those of a track; null where none is known: MP3, surround, other profiles than LC. */
    static @Nullable ByteBuf frame(TrackFormat format) {
        if (format instanceof Aac.Format(AudioSpecificConfig configuration) && configuration.lowComplexity()) {
            return switch (configuration.channels()) {
                case 1 -> MONO.duplicate();
                case 2 -> STEREO.duplicate();
                default -> null;
            };
        }
        return null;
    }
}
