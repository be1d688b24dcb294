// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.packet.HeaderExtensions;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.MediaSource;
import live.millrace.media.protocol.webrtc.Offer;
import org.junit.jupiter.api.Test;

/** A stream's packets in the numbers of one viewer. */
class SentLaneTest {
    private static final MediaSource SOURCE = new MediaSource(0x11, 0x22, "stream", "name");
    private static final String AGAIN = "a=rtpmap:109 rtx/90000\na=fmtp:109 apt=108\n";
    private static final String COUNTED = """
            a=rtcp-fb:108 transport-cc
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            """;

    private static SentLane lane(String lines) {
        AgreedMedia agreed =
                AgreedMedia.received(Offer.parse("""
                v=0
                a=ice-ufrag:peer
                a=ice-pwd:a-password-of-the-peer-itself
                a=fingerprint:sha-256 00:01
                m=video 9 UDP/TLS/RTP/SAVPF 108 109
                a=sendonly
                a=rtpmap:108 H264/90000
                a=fmtp:108 packetization-mode=1
                """ + lines)).getFirst().as(SOURCE);
        return new SentLane(agreed, agreed.format().orElseThrow(), SOURCE, false);
    }

    private static ByteBuf stream(int number) {
        ByteBuf packet = Unpooled.buffer();
        RtpPacket.writeHeader(true, 96, number & 0xFFFF, 90_000, 7, packet);
        return packet.writeZero(30);
    }

    private static RtpPacket sent(SentLane lane, int streamNumber, int transport) {
        if (!lane.follows(streamNumber & 0xFFFF)) {
            lane.continueWith(streamNumber & 0xFFFF);
        }
        ByteBuf head = Unpooled.buffer();
        lane.head(stream(streamNumber), transport, head);
        return RtpPacket.parse(head.writeZero(30));
    }

    @Test
    void itsNumbersHaveNoGapWhereSomethingWasLeftOut() {
        SentLane lane = lane("");
        assertThat(lane.isRunning()).isFalse();
        int first = sent(lane, 65_534, 0).sequenceNumber();
        assertThat(first).as("its rollover counter is guessed right").isLessThan(1 << 15);
        assertThat(sent(lane, 65_535, 0).sequenceNumber()).isEqualTo(first + 1);
        assertThat(sent(lane, 65_536, 0).sequenceNumber()).isEqualTo(first + 2);
        RtpPacket behind = sent(lane, 70_000, 0);
        assertThat(behind.sequenceNumber()).isEqualTo(first + 3);
        assertThat(behind.payloadType()).isEqualTo(108);
        assertThat(behind.ssrc()).isEqualTo(0x11);
        assertThat(behind.marker()).isTrue();
        assertThat(behind.timestamp()).isEqualTo(90_000);
        assertThat(lane.packets()).isEqualTo(4);
        assertThat(lane.octets()).isEqualTo(4 * 30);
    }

    @Test
    void whatWentOutIsKnownByItsNumberAndNothingElseIs() {
        SentLane lane = lane("");
        int first = sent(lane, 100, 0).sequenceNumber();
        sent(lane, 101, 0);
        assertThat(lane.streamNumber(first)).isEqualTo(100);
        assertThat(lane.streamNumber(first + 1)).isEqualTo(101);
        assertThat(lane.streamNumber(first + 2)).as("not sent yet").isEqualTo(-1);
        assertThat(lane.streamNumber((first - 1) & 0xFFFF)).as("never sent").isEqualTo(-1);
        sent(lane, 200, 0);
        assertThat(lane.streamNumber(first + 2)).isEqualTo(200);
        assertThat(lane.streamNumber(first + 1)).as("before the gap").isEqualTo(-1);
    }

    @Test
    void aPacketIsSentOnceMoreOnceInARoundTrip() {
        SentLane lane = lane("a=rtcp-fb:108 nack\n");
        long every = SentLane.againEvery(TimeUnit.MILLISECONDS.toNanos(60));
        assertThat(every).isEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        assertThat(SentLane.againEvery(0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(25));
        assertThat(lane.takeAgain(5, 0, every)).isTrue();
        assertThat(lane.takeAgain(5, every - 1, every)).isFalse();
        assertThat(lane.takeAgain(6, every - 1, every)).isTrue();
        assertThat(lane.takeAgain(5, every, every)).isTrue();
    }

    /** RFC 4588 §4: a source, a type and numbers of its own, and the number before the payload. */
    @Test
    void whatIsSentOnceMoreHasItsOwnSource() {
        SentLane lane = lane("a=rtcp-fb:108 nack\n" + AGAIN + COUNTED);
        int first = sent(lane, 100, 1).sequenceNumber();
        ByteBuf head = Unpooled.buffer();
        lane.headAgain(stream(100), first, 0xABCD, head);
        assertThat(HeaderExtensions.find(head, 3)).isEqualTo(0xABCD);
        RtpPacket again = RtpPacket.parse(head.writeZero(30));
        assertThat(again.payloadType()).isEqualTo(109);
        assertThat(again.ssrc()).isEqualTo(0x22);
        assertThat(again.payload().readUnsignedShort()).isEqualTo(first);
        ByteBuf next = Unpooled.buffer();
        lane.headAgain(stream(100), first, 0, next);
        assertThat(RtpPacket.parse(next.writeZero(30)).sequenceNumber()).isEqualTo(again.sequenceNumber() + 1);
        assertThat(sent(lane, 101, 2).sequenceNumber())
                .as("it takes none of them")
                .isEqualTo(first + 1);
    }

    /** Where that has no place, the very same packet is a repetition, and no other: SRTP knows it by its number. */
    @Test
    void whereItHasNoSourceOfItsOwnTheSameGoesOutAgain() {
        SentLane lane = lane("a=rtcp-fb:108 nack\n");
        ByteBuf once = Unpooled.buffer();
        lane.continueWith(100);
        lane.head(stream(100), 1, once);
        ByteBuf again = Unpooled.buffer();
        lane.headAgain(stream(100), PacketLog.sequenceNumber(once), 2, again);
        assertThat(again).isEqualTo(once);
    }
}
