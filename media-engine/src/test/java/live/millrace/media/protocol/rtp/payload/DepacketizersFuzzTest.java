// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.testing.SampleMedia;

/** Whatever comes as RTP costs no more than frames, and leaves no buffer behind. */
class DepacketizersFuzzTest {
    private static final String HBR = "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=";

    private static final List<PayloadFormat> FORMATS = List.of(
            RtpScript.format("H264/90000", "packetization-mode=1"),
            RtpScript.format("H265/90000", ""),
            RtpScript.format("VP9/90000", ""),
            RtpScript.format("AV1/90000", ""),
            RtpScript.format("MPEG4-GENERIC/44100/2", HBR + SampleMedia.ASC),
            RtpScript.format("MPEG4-GENERIC/44100/2", "config=" + SampleMedia.ASC),
            RtpScript.format("MP4A-LATM/48000", "cpresent=0;config=40002310adca00"),
            RtpScript.format("opus/48000/2", ""),
            RtpScript.format("PCMU/8000/2", ""),
            RtpScript.format("MPA/90000", ""),
            RtpScript.format("VP8/90000", ""));

    /** The first byte chooses the payload format; packets stand behind a byte of their length. */
    @FuzzTest(maxDuration = "60s")
    void anyPacketsAreReadOrFailCleanly(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        PayloadFormat format = FORMATS.get(in.readUnsignedByte() % FORMATS.size());
        FrameSink sink = new FrameSink() {
            @Override
            public void track(Track track) {
                track.format().codecString();
            }

            @Override
            public void frame(MediaFrame frame) {
                frame.payload()
                        .getBytes(
                                frame.payload().readerIndex(),
                                new byte[frame.payload().readableBytes()]);
            }
        };
        Depacketizer depacketizer = PayloadFormats.depacketizer(0, format, sink);
        while (in.isReadable()) {
            int length = in.readUnsignedByte();
            if (length == 0) {
                depacketizer.lost();
                continue;
            }
            try {
                RtpPacket packet = RtpPacket.parse(in.readSlice(Math.min(length, in.readableBytes())));
                depacketizer.packet(packet, packet.timestamp());
            } catch (MalformedRtpException expected) {
                // what a peer's mistake may cost
            }
        }
        depacketizer.release();
    }
}
