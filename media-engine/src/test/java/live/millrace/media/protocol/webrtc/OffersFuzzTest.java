// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import live.millrace.media.protocol.dtls.Fingerprint;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.SdpDirection;

/** Whatever is posted: it is answered medium by medium, in lines that are lines, or refused. */
class OffersFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyOfferIsAnsweredOrRefused(byte[] bytes) {
        Offer offer;
        try {
            offer = Offer.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (MalformedSdpException expected) {
            assertThat(expected).message().isNotBlank();
            return;
        }
        List<AgreedMedia> agreed = AgreedMedia.received(offer);
        List<String> lines = new Answer(
                        1,
                        IceCredentials.random(),
                        Fingerprint.parse("sha-256 00").orElseThrow(),
                        offer.side(),
                        SdpDirection.RECVONLY,
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2)),
                        agreed)
                .write()
                .lines()
                .toList();
        assertThat(lines)
                .allMatch(line -> line.length() > 1 && "voscatm".indexOf(line.charAt(0)) >= 0 && line.charAt(1) == '=');
        assertThat(lines.stream()
                        .filter(line -> line.startsWith("m="))
                        .map(line -> line.substring(2, line.indexOf(' '))))
                .containsExactlyElementsOf(
                        offer.media().stream().map(MediaDescription::kind).toList());
        for (String kind : List.of("audio", "video")) {
            assertThat(agreed.stream()
                            .filter(each -> each.format().isPresent()
                                    && each.offered().kind().equals(kind))
                            .count())
                    .isLessThanOrEqualTo(1);
        }
    }
}
