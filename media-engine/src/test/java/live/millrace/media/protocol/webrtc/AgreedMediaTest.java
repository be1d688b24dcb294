// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chosen of an offer. */
class AgreedMediaTest {
    /** For each medium: payload type, that of what is sent once more, feedback, extension. */
    private static List<String> chosen(Offer offer) {
        return AgreedMedia.received(offer).stream()
                .map(each -> each.format().isEmpty()
                        ? each.offered().kind() + " none"
                        : each.offered().kind() + " " + each.format().get().payloadType() + " "
                                + each.retransmission().orElse(-1) + " " + each.feedback() + " "
                                + each.transportSequence().orElse(-1))
                .toList();
    }

    @Test
    void choosesOfWhatProgramsOffer() {
        assertThat(chosen(Offer.parse(Offers.of("chromium"))))
                .containsExactly(
                        "audio 111 -1 [transport-cc] 3", "video 108 109 [nack, nack pli, ccm fir, transport-cc] 3");
        assertThat(chosen(Offer.parse(Offers.of("ffmpeg"))))
                .containsExactly("audio 111 -1 [] -1", "video 106 -1 [] -1");
        assertThat(chosen(Offer.parse(Offers.of("libdatachannel"))))
                .containsExactly("audio 111 -1 [] -1", "video 96 -1 [nack, nack pli] -1");
        assertThat(chosen(Offer.parse(Offers.of("aiortc"))))
                .containsExactly("audio 96 -1 [] -1", "video 101 102 [nack, nack pli] -1", "application none");
    }

    @Test
    void chromiumWithoutH264IsStillTaken() {
        String offer = Offers.of("chromium").replace(" H264/", " H263/");
        assertThat(chosen(Offer.parse(offer)).get(1)).startsWith("video 45 46 ");
        assertThat(chosen(Offer.parse(offer.replace(" AV1/", " AV0/"))).get(1)).startsWith("video 98 99 ");
        assertThat(chosen(Offer.parse(offer.replace(" AV1/", " AV0/").replace(" VP9/", " VP7/")))
                        .get(1))
                .startsWith("video 96 97 ");
        assertThat(chosen(Offer.parse(offer.replace(" AV1/", " AV0/")
                                .replace(" VP9/", " VP7/")
                                .replace(" VP8/", " VP7/")))
                        .get(1))
                .isEqualTo("video none");
    }

    @ParameterizedTest
    @CsvSource({
        "'VP8 | H264;packetization-mode=1;profile-level-id=640c1f | H264;packetization-mode=1;profile-level-id=42E01F', 2",
        "'H264;packetization-mode=1;profile-level-id=42001f | H264;packetization-mode=1;profile-level-id=42e01f',       1",
        "'H264;packetization-mode=0;profile-level-id=42e01f | H264;packetization-mode=1;profile-level-id=640c34',       1",
        "'H264;packetization-mode=1;profile-level-id=640032 | H264;packetization-mode=1;profile-level-id=4d0032',       1",
        // of a profile that nobody knows, or none: still before others
        "'H264;packetization-mode=1;profile-level-id=f4001f | H264;profile-level-id=42e01f',                            0",
        "'VP9 | H264;packetization-mode=1;profile-level-id=4',                                                          1",
        "'AV1 | H264',                                                                                                  1",
        "'VP8 | av1',                                                                                                   1",
        "'AV1',                                                                                                         0",
        "'VP9 | AV1 | H265',                                                                                            0",
        "'H265 | AV1',                                                                                                  0",
        "'VP8',                                                                                                         0",
        "'red | ulpfec | flexfec-03 | rtx;apt=96',                                                                      none",
    })
    void choosesOnePicture(String formats, String chosen) {
        StringBuilder media = new StringBuilder("m=video 9 " + Offers.SECURE);
        StringBuilder lines = new StringBuilder();
        int payloadType = 96;
        for (String format : formats.split(" \\| ", -1)) {
            String[] parts = format.split(";", 2);
            media.append(' ').append(payloadType);
            lines.append("a=rtpmap:%d %s/90000\n".formatted(payloadType, parts[0]));
            if (parts.length > 1) {
                lines.append("a=fmtp:%d %s\n".formatted(payloadType, parts[1]));
            }
            payloadType++;
        }
        String expected =
                chosen.equals("none") ? "video none" : "video " + (96 + Integer.parseInt(chosen)) + " -1 [] -1";
        assertThat(chosen(Offers.with(media + "\n" + lines))).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0 8 111, 'a=rtpmap:111 OPUS/48000/2', 111",
        "0 8,     '',                          8",
        "0,       '',                          0",
        "9 13,    '',                          none",
        "63 0,    'a=rtpmap:63 red/48000/2',   0",
    })
    void choosesOneSound(String payloadTypes, String line, String chosen) {
        assertThat(chosen(Offers.with("m=audio 9 " + Offers.SECURE + " " + payloadTypes + "\n" + line + "\n")))
                .containsExactly(chosen.equals("none") ? "audio none" : "audio " + chosen + " -1 [] -1");
    }

    private static final String PICTURE = "m=video 9 " + Offers.SECURE + " 96\na=rtpmap:96 AV1/90000\n";
    private static final String SOUND = "m=audio 9 " + Offers.SECURE + " 8\n";

    @Test
    void oneOfEachInTheOffersOrder() {
        assertThat(chosen(Offers.with("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n" + PICTURE + SOUND + SOUND
                        + PICTURE + "m=text 9 " + Offers.SECURE + " 98\n")))
                .containsExactly(
                        "application none",
                        "video 96 -1 [] -1",
                        "audio 8 -1 [] -1",
                        "audio none",
                        "video none",
                        "text none");
        // the second has its chance when the first cannot be carried
        assertThat(chosen(Offers.with(PICTURE.replace("AV1", "H261") + PICTURE)))
                .containsExactly("video none", "video 96 -1 [] -1");
    }

    @Test
    void whoSendsNothingOrInClearIsTurnedDown() {
        assertThat(chosen(Offers.with(PICTURE + "a=recvonly\n"))).containsExactly("video none");
        assertThat(chosen(Offers.with(PICTURE + "a=inactive\n"))).containsExactly("video none");
        assertThat(chosen(Offers.with(PICTURE + "a=sendrecv\n"))).containsExactly("video 96 -1 [] -1");
        assertThat(chosen(Offers.with(PICTURE.replace(Offers.SECURE, "RTP/AVP"))))
                .containsExactly("video none");
        assertThat(chosen(Offers.with(PICTURE.replace(Offers.SECURE, "RTP/SAVPF"))))
                .containsExactly("video none");
        assertThat(chosen(Offers.with(PICTURE.replace(" 9 ", " 0 ")))).containsExactly("video none");
        assertThat(chosen(Offers.with(PICTURE.replace(" 9 ", " 0 ") + "a=bundle-only\n")))
                .containsExactly("video 96 -1 [] -1");
    }

    @ParameterizedTest
    @CsvSource({
        "'a=rtcp-fb:96 nack',                              '[nack]'",
        "'a=rtcp-fb:* nack pli',                           '[nack pli]'",
        "'a=rtcp-fb:97 nack',                              '[]'",
        "'a=rtcp-fb:9 nack',                               '[]'",
        "'a=rtcp-fb:96 nack rpsi|a=rtcp-fb:96 ccm tmmbr',  '[]'",
        "'a=rtcp-fb:96 ccm fir|a=rtcp-fb:96 goog-remb',    '[ccm fir]'",
    })
    void knowsTheFeedbackThatIsOffered(String lines, String known) {
        assertThat(chosen(Offers.with(PICTURE + lines.replace('|', '\n') + "\n")))
                .containsExactly("video 96 -1 " + known + " -1");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "14/sendonly, 14", "15, -1", "0, -1", "256, -1", "x, -1", "-1, -1"})
    void theExtensionHasANumberOfOneByte(String number, int known) {
        assertThat(chosen(Offers.with(PICTURE + "a=rtcp-fb:96 transport-cc\na=extmap:1 urn:x\na=extmap:" + number + " "
                        + AgreedMedia.TRANSPORT_EXTENSION + "\n")))
                .containsExactly("video 96 -1 [transport-cc] " + known);
    }

    /** One without the other is of no use. */
    @Test
    void theExtensionWantsItsFeedback() {
        assertThat(chosen(Offers.with(PICTURE + "a=extmap:3 " + AgreedMedia.TRANSPORT_EXTENSION + "\n")))
                .containsExactly("video 96 -1 [] -1");
    }
}
