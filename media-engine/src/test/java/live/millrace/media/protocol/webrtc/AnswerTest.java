// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.sdp.SdpDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What offers are answered, line by line. */
class AnswerTest {
    private static final String TRANSPORT = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    private static String answer(Offer offer, InetSocketAddress... candidates) {
        return answer(offer, List.of(candidates), List.of());
    }

    private static String answer(Offer offer, List<InetSocketAddress> candidates, List<InetSocketAddress> connections) {
        return new Answer(
                        7,
                        new IceCredentials("lite", "abcdefghijklmnopqrstuv"),
                        Fingerprint.parse("sha-256 0a:0b").orElseThrow(),
                        offer.side(),
                        SdpDirection.RECVONLY,
                        candidates,
                        connections,
                        AgreedMedia.received(offer))
                .write();
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(address, 8_189);
    }

    private static List<String> lines(String answer) {
        assertThat(answer).endsWith("\r\n").doesNotContainPattern("(?<!\r)\n|\r(?!\n)");
        return answer.lines().toList();
    }

    private static List<String> starting(String answer, String start) {
        return lines(answer).stream().filter(each -> each.startsWith(start)).toList();
    }

    @Test
    void answersChromium() {
        assertThat(answer(Offer.parse(Offers.of("chromium")), at("192.0.2.1"), at("2001:db8::1")))
                .isEqualTo("""
                        v=0
                        o=- 7 1 IN IP4 127.0.0.1
                        s=-
                        t=0 0
                        a=ice-lite
                        a=group:BUNDLE 0 1
                        a=msid-semantic: WMS *
                        m=audio 9 UDP/TLS/RTP/SAVPF 111
                        c=IN IP4 0.0.0.0
                        a=mid:0
                        a=recvonly
                        a=rtcp-mux
                        a=rtcp-rsize
                        a=rtpmap:111 opus/48000/2
                        a=fmtp:111 minptime=10;useinbandfec=1
                        a=rtcp-fb:111 transport-cc
                        a=extmap:3 TRANSPORT
                        a=setup:passive
                        a=ice-ufrag:lite
                        a=ice-pwd:abcdefghijklmnopqrstuv
                        a=fingerprint:sha-256 0A:0B
                        a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host
                        a=candidate:2 1 udp 2130706175 2001:db8:0:0:0:0:0:1 8189 typ host
                        a=end-of-candidates
                        m=video 9 UDP/TLS/RTP/SAVPF 108 109
                        c=IN IP4 0.0.0.0
                        a=mid:1
                        a=recvonly
                        a=rtcp-mux
                        a=rtcp-rsize
                        a=rtpmap:108 H264/90000
                        a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                        a=rtpmap:109 rtx/90000
                        a=fmtp:109 apt=108
                        a=rtcp-fb:108 nack
                        a=rtcp-fb:108 nack pli
                        a=rtcp-fb:108 ccm fir
                        a=rtcp-fb:108 transport-cc
                        a=extmap:3 TRANSPORT
                        a=setup:passive
                        a=ice-ufrag:lite
                        a=ice-pwd:abcdefghijklmnopqrstuv
                        a=fingerprint:sha-256 0A:0B
                        a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host
                        a=candidate:2 1 udp 2130706175 2001:db8:0:0:0:0:0:1 8189 typ host
                        a=end-of-candidates
                        """.replace("TRANSPORT", TRANSPORT).replace("\n", "\r\n"));
    }

    @Test
    void callsFfmpeg() {
        String answer = answer(Offer.parse(Offers.of("ffmpeg")), at("192.0.2.1"));
        assertThat(starting(answer, "a=setup")).containsExactly("a=setup:active", "a=setup:active");
        assertThat(starting(answer, "m="))
                .containsExactly("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 9 UDP/TLS/RTP/SAVPF 106");
        assertThat(starting(answer, "a=fmtp"))
                .containsExactly("a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42000c");
        assertThat(starting(answer, "a=rtcp-fb")).isEmpty();
        assertThat(starting(answer, "a=extmap")).isEmpty();
    }

    /** The lines of parameters are the offer's: Firefox takes no others. */
    @Test
    void answersObs() {
        String offer = Offers.of("libdatachannel");
        String answer = answer(Offer.parse(offer), at("192.0.2.1"));
        assertThat(starting(answer, "a=fmtp")).hasSize(2).isEqualTo(starting(offer, "a=fmtp"));
        assertThat(starting(answer, "a=rtcp-fb")).containsExactly("a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli");
        assertThat(starting(answer, "a=extmap")).isEmpty();
        assertThat(starting(answer, "a=setup")).containsExactly("a=setup:passive", "a=setup:passive");
    }

    /** RFC 5506 §5: it is for the one who offers to say it first. */
    @Test
    void reducedSizeIsAgreedUponWhereItIsOffered() {
        assertThat(starting(answer(Offer.parse(Offers.of("libdatachannel"))), "a=rtcp-rsize"))
                .isEmpty();
        assertThat(starting(answer(Offer.parse(Offers.of("ffmpeg"))), "a=rtcp-rsize"))
                .hasSize(1);
        assertThat(starting(answer(Offer.parse(Offers.of("chromium"))), "a=rtcp-rsize"))
                .hasSize(2);
    }

    @Test
    void whatIsTurnedDownKeepsItsPlace() {
        String answer = answer(Offers.with("""
                        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                        a=mid:data
                        m=audio 9 UDP/TLS/RTP/SAVPF 9 13
                        a=mid:g722
                        m=video 9 UDP/TLS/RTP/SAVPF 96
                        a=mid:picture
                        a=rtpmap:96 AV1/90000
                        m=video 9 UDP/TLS/RTP/SAVPF 96
                        a=mid:second
                        a=rtpmap:96 AV1/90000
                        m=image 9 udptl t38
                        """), at("192.0.2.1"));
        assertThat(starting(answer, "m="))
                .containsExactly(
                        "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
                        "m=audio 0 UDP/TLS/RTP/SAVPF 9",
                        "m=video 9 UDP/TLS/RTP/SAVPF 96",
                        "m=video 0 UDP/TLS/RTP/SAVPF 96",
                        "m=image 0 udptl 0");
        assertThat(starting(answer, "a=group")).containsExactly("a=group:BUNDLE picture");
        assertThat(starting(answer, "a=mid"))
                .containsExactly("a=mid:data", "a=mid:g722", "a=mid:picture", "a=mid:second");
        assertThat(starting(answer, "a=inactive")).hasSize(4);
        assertThat(starting(answer, "a=recvonly")).hasSize(1);
        assertThat(starting(answer, "a=candidate")).hasSize(1);
    }

    @Test
    void withNothingToCarryThereIsNoGroup() {
        assertThat(starting(answer(Offers.with("m=audio 9 UDP/TLS/RTP/SAVPF 9\na=mid:0\n")), "a=group"))
                .isEmpty();
    }

    @Test
    void noCandidateIsThereTwice() {
        assertThat(starting(
                        answer(
                                Offers.with("m=audio 9 UDP/TLS/RTP/SAVPF 8\n"),
                                at("192.0.2.1"),
                                at("192.0.2.2"),
                                at("192.0.2.1")),
                        "a=candidate"))
                .containsExactly(
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host",
                        "a=candidate:2 1 udp 2130706175 192.0.2.2 8189 typ host");
    }

    @Test
    void connectionsComeBehindAllOfUdp() {
        assertThat(starting(
                        answer(
                                Offers.with("m=audio 9 UDP/TLS/RTP/SAVPF 8\n"),
                                List.of(at("192.0.2.1"), at("192.0.2.2")),
                                List.of(at("192.0.2.1"), at("192.0.2.2"))),
                        "a=candidate"))
                .containsExactly(
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host",
                        "a=candidate:2 1 udp 2130706175 192.0.2.2 8189 typ host",
                        "a=candidate:3 1 tcp 1671430143 192.0.2.1 8189 typ host tcptype passive",
                        "a=candidate:4 1 tcp 1671429887 192.0.2.2 8189 typ host tcptype passive");
    }

    @Test
    void anAddressHasNoZone() throws UnknownHostException {
        byte[] address = InetAddress.getByName("fe80::1").getAddress();
        assertThat(answer(
                        Offers.with("m=audio 9 UDP/TLS/RTP/SAVPF 8\n"),
                        new InetSocketAddress(Inet6Address.getByAddress(null, address, 3), 5)))
                .contains("a=candidate:1 1 udp 2130706431 fe80:0:0:0:0:0:0:1 5 typ host\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chromium", "ffmpeg", "libdatachannel", "aiortc"})
    void copiesNothingThatIsThePeersAlone(String program) {
        Offer offer = Offer.parse(Offers.of(program));
        assertThat(answer(offer, at("192.0.2.1")))
                .doesNotContain(
                        offer.ice().password(), offer.fingerprints().getFirst().value(), "a=ssrc", "cname");
    }
}
