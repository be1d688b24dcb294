// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.protocol.rtp.packet.HeaderExtensions;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;

/** Who watches by WHEP as a browser does: takes the packets of pictures and sound, and asks for what it misses. */
public final class WhepPeer extends WebrtcPeer {
    public static final int VIDEO = 108;
    public static final int AGAIN = 109;
    static final int SOUND = 111;
    static final int TRANSPORT_ID = 3;
    static final int DELAY_ID = 5;

    /**
     * A packet that came.
     *
     * @param transport its number among all; −1 without one
     */
    public record Came(
            int payloadType, int sequenceNumber, long timestamp, boolean marker, int transport, ByteBuf payload) {
        /** The type of an H.264 NAL unit, of the whole one for a part. */
        public int nalUnit() {
            int type = payload.getByte(0) & 0x1F;
            return type == 28 ? payload.getByte(1) & 0x1F : type;
        }
    }

    public final List<Came> came = new CopyOnWriteArrayList<>();
    private final Map<Integer, byte[]> onTheWire = new ConcurrentHashMap<>();

    /** Datagrams under a number that had come before, and were another. */
    final List<Integer> differing = new CopyOnWriteArrayList<>();

    final List<Integer> repeated = new CopyOnWriteArrayList<>();

    private static final Pattern SSRC = Pattern.compile("a=ssrc:(\\d+) ");

    public WhepPeer(int httpPort) throws IOException {
        super(httpPort);
    }

    /** As Chromium's, of which it has a tenth. */
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
            a=recvonly\r
            a=rtcp-mux\r
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r
            a=rtpmap:111 opus/48000/2\r
            a=rtcp-fb:111 transport-cc\r
            a=fmtp:111 minptime=10;useinbandfec=1\r
            m=video 9 UDP/TLS/RTP/SAVPF 96 106 108 109\r
            c=IN IP4 0.0.0.0\r
            a=mid:1\r
            a=recvonly\r
            a=rtcp-mux\r
            a=rtcp-rsize\r
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r
            a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r
            a=rtpmap:96 VP8/90000\r
            a=rtpmap:106 H264/90000\r
            a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f\r
            a=rtpmap:108 H264/90000\r
            a=rtcp-fb:108 goog-remb\r
            a=rtcp-fb:108 transport-cc\r
            a=rtcp-fb:108 ccm fir\r
            a=rtcp-fb:108 nack\r
            a=rtcp-fb:108 nack pli\r
            a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r
            a=rtpmap:109 rtx/90000\r
            a=fmtp:109 apt=108\r
            """.formatted(FRAGMENT, PASSWORD, fingerprint);
    }

    /** Offers, connects, and waits for what comes. */
    public String watches(String path) throws Exception {
        return watches(path, offer());
    }

    String watches(String path, String offer) throws Exception {
        String session = offers(path, Optional.empty(), offer);
        connects();
        return session;
    }

    @Override
    void media(ByteBuf packet) {
        byte[] wire = ByteBufUtil.getBytes(packet);
        int key = packet.getUnsignedShort(2) | (packet.getByte(1) & 0x7F) << 16;
        byte[] before = onTheWire.putIfAbsent(key, wire);
        if (before != null) {
            repeated.add(key & 0xFFFF);
            if (!Arrays.equals(before, wire)) {
                differing.add(key & 0xFFFF);
            }
        }
        if (!receiver().unprotect(packet)) {
            return;
        }
        int transport = HeaderExtensions.find(packet, TRANSPORT_ID);
        RtpPacket parsed = RtpPacket.parse(packet);
        came.add(new Came(
                parsed.payloadType(),
                parsed.sequenceNumber(),
                parsed.timestamp(),
                parsed.marker(),
                transport,
                Unpooled.copiedBuffer(parsed.payload())));
    }

    public List<Came> came(int payloadType) {
        return came.stream().filter(each -> each.payloadType() == payloadType).toList();
    }

    @Override
    void control(List<RtcpPacket> packets) {
        // kept by the other
    }

    /** The source of the last medium that is answered: the first that is named, as Chromium has it. */
    public int ssrc() {
        String answer = answered();
        Matcher lines = SSRC.matcher(answer.substring(answer.lastIndexOf("m=")));
        return lines.find() ? Integer.parseUnsignedInt(lines.group(1)) : 0;
    }

    public void says(RtcpPacket... packets) throws IOException {
        ByteBuf plain = Unpooled.buffer();
        ByteBuf out = Unpooled.buffer();
        RtcpCompound.write(List.of(packets), plain);
        sender().protectControl(plain, out);
        send(out);
    }
}
