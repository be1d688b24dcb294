// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;

/** Opus behind control headers ("ETSI TS Opus in MPEG-TS" §4): several packets in one PES packet, each with a duration of its own. */
final class OpusStream extends SoundStream {
    private static final int PREFIX = 0x7FE0;
    private static final int PREFIX_BITS = 0xFFE0;
    private static final int START_TRIM = 0x10;
    private static final int END_TRIM = 0x08;
    private static final int EXTENSION = 0x04;
    private static final int RUN = 255;

    /** No packet is longer (RFC 6716 §3.2.5). */
    private static final int MAX_PACKET = 61_440;

    private static final int MAX_CHANNELS = 8;
    private static final int[] STREAMS = {1, 1, 1, 2, 2, 3, 4, 4, 5};
    private static final int[] COUPLED = {1, 0, 1, 1, 2, 2, 2, 3, 3};

    /** In Vorbis order (RFC 7845 §5.1.1.2), for each number of channels from three. */
    private static final int[][] MAPPINGS = {
        {0, 2, 1}, {0, 1, 2, 3}, {0, 4, 1, 2, 3}, {0, 4, 1, 2, 3, 5}, {0, 4, 1, 2, 3, 5, 6}, {0, 6, 1, 2, 3, 4, 5, 7}
    };

    private final Opus.Format format;
    private int header;

    /**
     * @param channelConfiguration {@code channel_config_code}
     * @throws MalformedMediaException if it is none of those that tell all
     */
    OpusStream(int channelConfiguration, Units units) {
        super(units);
        this.format = new Opus.Format(head(channelConfiguration));
    }

    private static OpusHead head(int code) {
        if (code < 1 || code > MAX_CHANNELS) {
            throw new MalformedMediaException("Opus of channel configuration " + code);
        }
        if (code <= 2) {
            return new OpusHead(code, 0, OpusHead.SAMPLE_RATE, 0, 0, List.of());
        }
        List<Byte> mapping = new ArrayList<>(List.of((byte) STREAMS[code], (byte) COUPLED[code]));
        for (int each : MAPPINGS[code - 3]) {
            mapping.add((byte) each);
        }
        return new OpusHead(code, 0, OpusHead.SAMPLE_RATE, 0, 1, mapping);
    }

    @Override
    int length(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int there = bytes.readableBytes();
        if (there < 2) {
            return bytes.getByte(at) == PREFIX >> 8 ? MORE : NO_FRAME;
        }
        int control = bytes.getUnsignedShort(at);
        if ((control & PREFIX_BITS) != PREFIX) {
            return NO_FRAME;
        }
        int size = 0;
        int head = 2;
        int run;
        do {
            if (head >= there) {
                return MORE;
            }
            run = bytes.getUnsignedByte(at + head++);
            size += run;
            if (size > MAX_PACKET) {
                return NO_FRAME;
            }
        } while (run == RUN);
        head += ((control & START_TRIM) == 0 ? 0 : 2) + ((control & END_TRIM) == 0 ? 0 : 2);
        if ((control & EXTENSION) != 0) {
            if (head >= there) {
                return MORE;
            }
            head += 1 + bytes.getUnsignedByte(at + head);
        }
        header = head;
        return head + size;
    }

    @Override
    void frame(ByteBuf bytes, int length) {
        int at = bytes.readerIndex();
        sound(format, bytes, at, at + header, length - header);
    }
}
