// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Whole offers, as programs send them by WHIP, and short ones. */
final class Offers {
    static final String SECURE = "UDP/TLS/RTP/SAVPF";

    private static final String HEAD = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 00:01
            a=setup:actpass
            """;

    private Offers() {}

    /** As a program sent it: chromium, ffmpeg, libdatachannel (OBS's), aiortc. */
    static String of(String program) {
        try (InputStream in = Objects.requireNonNull(Offers.class.getResourceAsStream(program + ".sdp"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One with media of lines. */
    static Offer with(String media) {
        return Offer.parse(HEAD + media);
    }
}
