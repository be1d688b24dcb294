// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.SdpDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers offer: whole offers of programs, and what is none. */
class OfferTest {
    @ParameterizedTest
    @CsvSource({
        "chromium,       kV8J,     5c5xo9pO5Lnm2RMsjkUnYaCP,         FD:B1:84:C1, SERVER",
        "ffmpeg,         fb106267, 61833fc76c07d84a5dba720ce7691fcb, 39:0E:65:1C, CLIENT",
        "libdatachannel, j+AP,     Xqjchh1ZXx6XfvG8EYM4mn,           8C:A5:0A:65, SERVER",
        "aiortc,         kELD,     KZpWB29Xt85ynNJsFpWGd3,           B4:F7:95:AB, SERVER",
    })
    void readsThoseOfPrograms(
            String program, String fragment, String password, String fingerprint, DtlsAssociation.Side side) {
        Offer offer = Offer.parse(Offers.of(program));
        assertThat(offer.ice()).isEqualTo(new IceCredentials(fragment, password));
        assertThat(offer.ice().toString()).doesNotContain(password);
        assertThat(offer.fingerprints()).singleElement().satisfies(each -> {
            assertThat(each.algorithm()).isEqualTo("sha-256");
            assertThat(each.value()).startsWith(fingerprint);
        });
        assertThat(offer.side()).isEqualTo(side);
        assertThat(offer.media())
                .extracting(MediaDescription::kind)
                .startsWith("audio", "video")
                .hasSize(program.equals("aiortc") ? 3 : 2);
        assertThat(offer.media().subList(0, 2))
                .allSatisfy(each -> assertThat(each.direction()).isEqualTo(SdpDirection.SENDONLY));
    }

    private static final String GOOD = """
            v=0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 00:01
            m=audio 9 UDP/TLS/RTP/SAVPF 8
            """;

    @Test
    void whatIsNotSaidIsAsUsual() {
        assertThat(Offer.parse(GOOD).side()).isEqualTo(DtlsAssociation.Side.SERVER);
        assertThat(Offer.parse(GOOD + "a=setup:active\n").side()).isEqualTo(DtlsAssociation.Side.SERVER);
        assertThat(Offer.parse(GOOD + "a=setup:passive\n").side()).isEqualTo(DtlsAssociation.Side.CLIENT);
    }

    /** RFC 8843 §7.2: of media that share a transport, what the first of the bundle says counts for all; aiortc says it of each. */
    @ParameterizedTest
    @CsvSource({"0 1 2, kELD", "1 0 2, GSSF", "2 1 0, 5JZI", "7 1, kELD", "'', kELD"})
    void theFirstOfTheBundleIsFoundAndProtectsForAll(String order, String fragment) {
        String sdp = Offers.of("aiortc");
        assertThat(sdp).contains("a=group:BUNDLE 0 1 2\r\n");
        Offer offer = Offer.parse(
                sdp.replace("a=group:BUNDLE 0 1 2\r\n", order.isEmpty() ? "" : "a=group:BUNDLE " + order + "\r\n"));
        assertThat(offer.ice().fragment()).isEqualTo(fragment);
    }

    @Test
    void whatAMediumSaysCountsBeforeWhatTheSessionSays() {
        Offer offer = Offer.parse(GOOD.replace("a=ice-ufrag:abcd\n", "a=ice-ufrag:sess\na=setup:actpass\n")
                + "a=mid:0\na=ice-ufrag:medi\na=setup:passive\n");
        assertThat(offer.ice().fragment()).isEqualTo("medi");
        assertThat(offer.side()).isEqualTo(DtlsAssociation.Side.CLIENT);
    }

    @Test
    void anyOfSeveralFingerprintsMayBeTheOne() {
        assertThat(Offer.parse(GOOD.replace(
                                        "sha-256 00:01",
                                        "SHA-512 0a\na=fingerprint:md5 00\na=fingerprint:sha-256 00:01")
                                + "a=fingerprint:sha-256 00:01\na=fingerprint:sha-256 02:ff\n")
                        .fingerprints())
                .extracting(each -> each.text())
                .containsExactly("sha-512 0A", "sha-256 00:01", "sha-256 02:FF");
    }

    @ParameterizedTest
    @CsvSource({
        "v=,                                    w=,                     starts with v=",
        "m=audio,                               x=audio,                no media",
        "a=ice-ufrag:abcd,                      a=x,                    ice-ufrag",
        "abcd,                                  abc,                    ice-ufrag",
        "abcd,                                  ab:cd,                  ice-ufrag",
        "0123456789abcdefghijkl,                0123456789abcdefghijk,  ice-pwd",
        "a=fingerprint:sha-256 00:01,           a=x,                    fingerprint",
        "sha-256 00:01,                         sha-1 00:01,            fingerprint",
        "sha-256 00:01,                         sha-256,                fingerprint",
        "sha-256 00:01,                         sha-256 00:0g,          fingerprint",
        "UDP/TLS/RTP/SAVPF 8,                   '',                     protocol",
    })
    void saysWhyItIsRefused(String part, String instead, String why) {
        assertThat(Offer.parse(GOOD).media()).hasSize(1);
        assertThatThrownBy(() -> Offer.parse(GOOD.replace(part, instead)))
                .isInstanceOf(MalformedSdpException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=0", "{}", "<!DOCTYPE html>", "v=0\r\nm=", "\u0000\u0001", "v=0\r\nm=audio 9 x 0"})
    void refusesGarbage(String text) {
        assertThatThrownBy(() -> Offer.parse(text))
                .isInstanceOf(MalformedSdpException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> Offer.parse(GOOD + "a=x\n".repeat(Offer.MAX_LENGTH / 4)))
                .isInstanceOf(MalformedSdpException.class);
        assertThatThrownBy(() -> Offer.parse(GOOD.replace("abcd", "a".repeat(257))))
                .isInstanceOf(MalformedSdpException.class);
        StringBuilder many = new StringBuilder(GOOD);
        for (int i = 10; i < 99; i++) {
            many.append("a=fingerprint:sha-256 ").append(i).append('\n');
        }
        assertThat(Offer.parse(many.toString()).fingerprints()).hasSize(8);
    }
}
