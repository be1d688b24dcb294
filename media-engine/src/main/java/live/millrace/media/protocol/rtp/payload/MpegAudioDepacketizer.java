// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.mp3.Mp3FrameHeader;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** MPEG audio (RFC 2250 §3.5), of which layer III is carried: several frames in a packet, or a part of one. */
final class MpegAudioDepacketizer extends AudioDepacketizer {
    private static final int SYNC = 0x7FF;
    private static final int LAYER_III = 1;

    /** Frames say themselves how many channels they have. */
    private static final int UNSAID = 2;

    MpegAudioDepacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        super(trackId, described.clockRate(), sink);
    }

    @Override
    void read(RtpPacket packet, long time) {
        ByteBuf in = packet.payload().slice();
        in.skipBytes(2); // MBZ
        int offset = in.readUnsignedShort();
        if (offset > 0) {
            part(offset, time, in);
            return;
        }
        lost(); // what was unfinished stays so
        long samples = 0;
        while (in.readableBytes() >= Mp3FrameHeader.LENGTH) {
            layer(in);
            int length = Mp3FrameHeader.parse(in, in.readerIndex()).frameLength();
            if (length > in.readableBytes()) {
                if (samples == 0) {
                    continued(in); // the rest follows, with its offset
                    return;
                }
                throw new MalformedMediaException("an MP3 frame longer than its packet");
            }
            TrackFormat.Audio format = Mp3.CODEC.format(in, UNSAID);
            ByteBuf frame = in.readSlice(length);
            sound(format, time, samples, frame);
            samples += format.samples(frame);
        }
    }

    private void part(int offset, long time, ByteBuf in) {
        if (partBytes() != offset) {
            lost();
            throw new MalformedMediaException("a part of an MP3 frame that does not follow the one before");
        }
        ByteBuf whole = continued(in);
        int length = Mp3FrameHeader.parse(whole, whole.readerIndex()).frameLength();
        if (whole.readableBytes() >= length) {
            try {
                sound(Mp3.CODEC.format(whole, UNSAID), time, 0, whole.slice(whole.readerIndex(), length));
            } finally {
                lost();
            }
        }
    }

    private static void layer(ByteBuf in) {
        int header = in.getInt(in.readerIndex());
        int layer = header >>> 17 & 3;
        if (header >>> 21 == SYNC && layer != LAYER_III && layer != 0) {
            throw new UnsupportedMediaException("MPEG audio layer " + (layer == 2 ? "II" : "I"));
        }
    }
}
