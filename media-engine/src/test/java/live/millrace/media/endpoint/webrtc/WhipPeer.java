// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.testing.SampleMedia;

/** Who publishes by WHIP as a browser does: sends pictures and sound, and sends again what it is asked for. */
public final class WhipPeer extends WebrtcPeer {
    public static final int VIDEO_SSRC = 0x1234;
    private static final int SOUND_SSRC = 0x5678;
    private static final int TRANSPORT_ID = 3;

    /** Whether what is asked for is sent once more. */
    volatile boolean obliging = true;

    private final Map<Integer, byte[]> sent = new ConcurrentHashMap<>();
    private int videoNumber = 65_500;
    private int soundNumber;
    private int transportNumber;

    public WhipPeer(int httpPort) throws IOException {
        super(httpPort);
    }

    public String offer() {
        return """
            v=0\r
            o=- 1 2 IN IP4 127.0.0.1\r
            s=-\r
            t=0 0\r
            a=group:BUNDLE 0 1\r
            a=ice-ufrag:%s\r
            a=ice-pwd:%s\r
            a=fingerprint:%s\r
            a=setup:actpass\r
            m=audio 9 UDP/TLS/RTP/SAVPF 111\r
            c=IN IP4 0.0.0.0\r
            a=mid:0\r
            a=sendonly\r
            a=rtcp-mux\r
            a=rtpmap:111 opus/48000/2\r
            a=fmtp:111 minptime=10;useinbandfec=1\r
            m=video 9 UDP/TLS/RTP/SAVPF 108 109\r
            c=IN IP4 0.0.0.0\r
            a=mid:1\r
            a=sendonly\r
            a=rtcp-mux\r
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r
            a=rtpmap:108 H264/90000\r
            a=rtcp-fb:108 nack\r
            a=rtcp-fb:108 nack pli\r
            a=rtcp-fb:108 transport-cc\r
            a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r
            a=rtpmap:109 rtx/90000\r
            a=fmtp:109 apt=108\r
            """.formatted(FRAGMENT, PASSWORD, fingerprint);
    }

    /** Offers, and keeps the answer; its session's address. */
    public String offers(String key) throws Exception {
        return offers("/whip", Optional.of(key), offer());
    }

    /** A picture in so many packets; a key frame brings its parameter sets. */
    public synchronized void picture(boolean key, long millis, int packets) throws IOException {
        if (key) {
            rtp(false, millis, ByteBufUtil.decodeHexDump(SampleMedia.SPS), false);
            rtp(false, millis, ByteBufUtil.decodeHexDump(SampleMedia.PPS), false);
        }
        byte header = (byte) (key ? 0x65 : 0x41);
        if (packets == 1) {
            byte[] slice = new byte[40];
            slice[0] = header;
            slice[1] = (byte) 0x88; // the first of its picture
            rtp(true, millis, slice, false);
            return;
        }
        for (int i = 0; i < packets; i++) {
            byte[] part = new byte[900];
            part[0] = (byte) ((header & 0xE0) | 28); // FU-A
            part[1] = (byte) ((i == 0 ? 0x80 : 0) | (i == packets - 1 ? 0x40 : 0) | (header & 0x1F));
            part[2] = (byte) 0x88;
            rtp(i == packets - 1, millis, part, false);
        }
    }

    /** The next packet is made, and never sent unless it is asked for. */
    synchronized void losesPictureOfOnePacket(long millis) throws IOException {
        byte[] slice = new byte[40];
        slice[0] = 0x41;
        slice[1] = (byte) 0x88;
        rtp(true, millis, slice, true);
    }

    /** Sends a packet of its own making, as plain as it is to come out, so many times. */
    public synchronized void packet(ByteBuf plain, int times) throws IOException {
        ByteBuf out = Unpooled.buffer();
        if (sender().protect(plain, out)) {
            byte[] bytes = ByteBufUtil.getBytes(out);
            for (int i = 0; i < times; i++) {
                datagram(bytes);
            }
        }
    }

    /** Sends a packet of one source more than anybody may have. */
    public void packetOfAnotherSource(ByteBuf plain) throws IOException {
        ByteBuf out = Unpooled.buffer();
        anotherSender().protect(plain, out);
        datagram(ByteBufUtil.getBytes(out));
    }

    /** Counts on by so many packets of pictures that nobody sees: their sequence number turns over meanwhile. */
    public synchronized void counts(int packets) {
        for (int i = 0; i < packets; i++) {
            ByteBuf plain = Unpooled.buffer(RtpPacket.HEADER);
            RtpPacket.writeHeader(false, 108, videoNumber++ & 0xFFFF, 0, VIDEO_SSRC, plain);
            sender().protect(plain, Unpooled.buffer(64));
        }
    }

    private void rtp(boolean marker, long millis, byte[] payload, boolean lost) throws IOException {
        int number = videoNumber++ & 0xFFFF;
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(marker, 108, number, millis * 90, VIDEO_SSRC, plain);
        plain.setByte(0, plain.getByte(0) | 0x10);
        plain.writeShort(0xBEDE).writeShort(1).writeByte(TRANSPORT_ID << 4 | 1).writeShort(transportNumber++ & 0xFFFF);
        plain.writeByte(0).writeBytes(payload);
        protectAndSend(plain, number, lost);
    }

    public synchronized void sound(long millis) throws IOException {
        ByteBuf plain = Unpooled.buffer();
        RtpPacket.writeHeader(false, 111, soundNumber++ & 0xFFFF, millis * 48, SOUND_SSRC, plain);
        plain.writeByte(0x78).writeZero(60); // 20 ms of CELT
        protectAndSend(plain, -1, false);
    }

    private void protectAndSend(ByteBuf plain, int number, boolean lost) throws IOException {
        ByteBuf out = Unpooled.buffer();
        sender().protect(plain, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        if (number >= 0) {
            sent.put(number, bytes);
        }
        if (!lost) {
            datagram(bytes);
        }
    }

    @Override
    void media(ByteBuf packet) {
        // a publisher is sent none
    }

    @Override
    void control(List<RtcpPacket> packets) throws IOException {
        for (RtcpPacket each : packets) {
            if (each instanceof RtcpPacket.Nack nack && obliging) {
                for (int number : nack.sequenceNumbers()) {
                    byte[] again = sent.get(number);
                    if (again != null) {
                        datagram(again);
                    }
                }
            }
        }
    }
}
