// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;

/** A viewer over WebRTC: counts the last packet of each picture, and each frame of sound, and opens none. */
final class WhepPlayClient extends WebrtcClient {
    private static final int MARKER = 0x80;
    private static final int SOUND = 111;

    private final Watched watched;

    WhepPlayClient(String name, Watched watched) {
        super("/live/" + name + "/whep", null);
        this.watched = watched;
    }

    @Override
    String media() {
        return """
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                a=mid:0
                a=recvonly
                a=rtcp-mux
                a=rtpmap:111 opus/48000/2
                m=video 9 UDP/TLS/RTP/SAVPF 108
                c=IN IP4 0.0.0.0
                a=mid:1
                a=recvonly
                a=rtcp-mux
                a=rtpmap:108 H264/90000
                a=rtcp-fb:108 nack
                a=rtcp-fb:108 nack pli
                a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                """;
    }

    @Override
    void established(DtlsKeys keys) {
        // What comes is only counted.
    }

    @Override
    void packet(ByteBuf packet) {
        if (packet.readableBytes() > 12 && !RtcpCompound.isRtcp(packet)) {
            int second = packet.getUnsignedByte(packet.readerIndex() + 1);
            if ((second & MARKER) != 0 || second == SOUND) {
                watched.sound();
            }
        }
    }
}
