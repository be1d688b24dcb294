// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.TrackFormat;

/** Sound whose frames are what a packet holds: G.711 of cameras in a program stream. */
final class PlainSoundStream extends SoundStream {
    /** Half a second at 8 kHz: whoever puts more into a packet gets it in parts. */
    private static final int MAX_FRAME = 4_000;

    private final TrackFormat.Audio format;

    PlainSoundStream(TrackFormat.Audio format, Units units) {
        super(units);
        this.format = format;
    }

    @Override
    int length(ByteBuf bytes) {
        return bytes.readableBytes() >= MAX_FRAME ? MAX_FRAME : MORE;
    }

    @Override
    void frame(ByteBuf bytes, int length) {
        sound(format, bytes, bytes.readerIndex(), bytes.readerIndex(), length);
    }

    @Override
    void ended() {
        ByteBuf rest = pending();
        if (rest != null && rest.isReadable()) {
            frame(rest, rest.readableBytes());
            rest.readerIndex(rest.writerIndex());
        }
    }
}
