// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;

/** The sample entry of a track (ISO/IEC 14496-12 §8.5.2): the same for all pictures and for all sound, but for its type and the box in it. */
final class SampleEntry {
    private static final int DATA_REFERENCE = 1;
    private static final int SEVENTY_TWO_DPI = 0x0048_0000;
    private static final int COMPRESSOR_NAME = 32;

    private SampleEntry() {}

    static void write(TrackFormat format, ByteBuf out) {
        SampleEntryType entry = format.codec().sampleEntry();
        int start = Box.begin(entry.type(), out);
        out.writeZero(6).writeShort(DATA_REFERENCE);
        switch (format) {
            case TrackFormat.Video video -> video(video, out);
            case TrackFormat.Audio audio -> audio(audio, out);
        }
        if (entry.configurationBox().isPresent()) {
            int box = Box.begin(entry.configurationBox().get(), out);
            format.writeConfigurationBox(out);
            Box.end(box, out);
        }
        Box.end(start, out);
    }

    /** §12.1.3 */
    private static void video(TrackFormat.Video format, ByteBuf out) {
        out.writeZero(16);
        out.writeShort(format.width()).writeShort(format.height());
        out.writeInt(SEVENTY_TWO_DPI).writeInt(SEVENTY_TWO_DPI).writeInt(0);
        out.writeShort(1).writeZero(COMPRESSOR_NAME).writeShort(0x0018).writeShort(-1);
    }

    /** §12.2.3 */
    private static void audio(TrackFormat.Audio format, ByteBuf out) {
        out.writeZero(8);
        out.writeShort(format.channels()).writeShort(16).writeZero(4);
        out.writeInt(format.sampleRate() > 0xFFFF ? 0 : format.sampleRate() << 16);
    }
}
