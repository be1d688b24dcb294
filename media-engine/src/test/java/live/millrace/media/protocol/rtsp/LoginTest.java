// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logging in, from both ends (RFC 2617, RFC 7616, RFC 7617). */
class LoginTest {
    private static final String URI = "rtsp://h/live/k";

    private final AtomicLong now = new AtomicLong(5);
    private final Nonces nonces = new Nonces("Millrace", now::get);
    private final ClientLogin login = new ClientLogin("herons", "three \"quiet\"");

    private Authorization.Answer answer(String method, String uri) {
        return (Authorization.Answer)
                Authorization.parse(login.authorization(method, uri).orElseThrow())
                        .orElseThrow();
    }

    /** RFC 2617 §3.5, without its qop; RFC 7616 §3.9.1 with SHA-256. */
    @Test
    void sumsAreThoseOfTheSpecifications() {
        assertThat(Digest.MD5.response(
                        "Mufasa",
                        "testrealm@host.com",
                        "Circle Of Life",
                        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                        "00000001:0a4f113b:auth",
                        "GET",
                        "/dir/index.html"))
                .isEqualTo("6629fae49393a05397450978507c4ef1");
        assertThat(Digest.SHA_256.response(
                        "Mufasa",
                        "http-auth@example.org",
                        "Circle of Life",
                        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                        "00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth",
                        "GET",
                        "/dir/index.html"))
                .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    @Test
    void bothEndsAgree() {
        assertThat(login.authorization("OPTIONS", URI)).isEmpty();
        assertThat(login.challenged(nonces.challenges(false))).isTrue();
        Authorization.Answer answer = answer("ANNOUNCE", URI);
        assertThat(answer.user()).isEqualTo("herons");
        assertThat(nonces.isFresh(answer.nonce())).isTrue();
        assertThat(answer.matches("Millrace", "three \"quiet\"", "ANNOUNCE", URI))
                .isTrue();
        assertThat(answer.matches("Millrace", "three \"loud\"", "ANNOUNCE", URI))
                .isFalse();
        assertThat(answer.matches("Other", "three \"quiet\"", "ANNOUNCE", URI)).isFalse();
        assertThat(answer.matches("Millrace", "three \"quiet\"", "RECORD", URI)).isFalse();
        assertThat(answer.matches("Millrace", "three \"quiet\"", "ANNOUNCE", "rtsp://h/live/other"))
                .isFalse();
    }

    /** VLC and some recorders sign the presentation's address for its tracks as well. */
    @Test
    void anAnswerForThePresentationIsOneForItsTracks() {
        login.challenged(nonces.challenges(false));
        assertThat(answer("SETUP", URI).matches("Millrace", "three \"quiet\"", "SETUP", URI + "/trackID=1"))
                .isTrue();
        assertThat(answer("SETUP", URI).matches("Millrace", "three \"quiet\"", "SETUP", URI + "2"))
                .isFalse();
    }

    @Test
    void noncesAgeAndAreOurs() {
        login.challenged(nonces.challenges(false));
        String nonce = answer("PLAY", URI).nonce();
        now.addAndGet(Nonces.LIFE.toNanos());
        assertThat(nonces.isFresh(nonce)).isTrue();
        now.addAndGet(1);
        assertThat(nonces.isFresh(nonce)).isFalse();
        assertThat(new Nonces("Millrace", () -> 5).isFresh(nonce)).isFalse();
        for (String forged : List.of("", "x", "!!", "AAAAAAAAAAU", nonce + "A", "A" + nonce.substring(1))) {
            assertThat(nonces.isFresh(forged)).as(forged).isFalse();
        }
    }

    @Test
    void anOldNonceIsWorthAnotherTryAndAWrongPasswordIsNot() {
        assertThat(login.challenged(nonces.challenges(false))).isTrue();
        now.incrementAndGet();
        assertThat(login.challenged(nonces.challenges(true))).isTrue();
        assertThat(nonces.isFresh(answer("PLAY", URI).nonce())).isTrue();
        assertThat(login.challenged(nonces.challenges(true)))
                .as("the same nonce")
                .isFalse();
        now.incrementAndGet();
        assertThat(login.challenged(nonces.challenges(false))).isFalse();
    }

    /** Hikvision: two lines, a parameter that nobody knows; others: MD5 beside SHA-256, sessions, lists of qop. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Digest realm=\"IP Camera(1)\", random=\"6f\", nonce=\"ab\" ; Basic realm=\"IP Camera(1)\" | Digest",
                "Basic realm=\"x\" ; Digest realm=\"x\", nonce=\"ab\"                                     | Digest",
                "digest realm=x,nonce=ab,algorithm=MD5                                                    | Digest",
                "Digest realm=\"x\", nonce=\"ab\", algorithm=MD5-sess ; Basic realm=\"x\"                 | Basic",
                "Digest realm=\"x\", nonce=\"ab\", qop=\"auth-int, auth\"                                 | Digest",
                "Digest realm=\"x\", nonce=\"ab\", qop=\"auth-int\" ; BASIC realm=\"x\"                   | Basic",
            })
    void choosesAmongChallenges(String lines, String scheme) {
        assertThat(login.challenged(List.of(lines.split(" ; ", -1)))).isTrue();
        assertThat(login.authorization("DESCRIBE", URI).orElseThrow()).startsWith(scheme + " ");
    }

    @Test
    void prefersTheStrongerSum() {
        login.challenged(List.of(
                "Digest realm=\"x\", nonce=\"a\"",
                "Digest realm=\"x\", nonce=\"b\", algorithm=SHA-256, opaque=\"o\\\"\""));
        assertThat(login.authorization("PLAY", URI).orElseThrow())
                .contains("nonce=\"b\"")
                .contains("algorithm=SHA-256")
                .contains("opaque=\"o\\\"\"");
        assertThat(answer("PLAY", URI).matches("x", "three \"quiet\"", "PLAY", URI))
                .isTrue();
    }

    @Test
    void countsItsUsesOfANonce() {
        login.challenged(List.of("Digest realm=\"x\", nonce=\"a\", qop=\"auth\""));
        assertThat(login.authorization("PLAY", URI).orElseThrow()).contains("qop=auth, nc=00000001, cnonce=");
        assertThat(login.authorization("PLAY", URI).orElseThrow()).contains("nc=00000002");
        assertThat(answer("PLAY", URI).matches("x", "three \"quiet\"", "PLAY", URI))
                .isTrue();
    }

    @Test
    void basicCarriesThePasswordAndShowsItNowhere() {
        login.challenged(List.of("Basic realm=\"x\""));
        Authorization.Basic basic = (Authorization.Basic)
                Authorization.parse(login.authorization("PLAY", URI).orElseThrow())
                        .orElseThrow();
        assertThat(basic.user()).isEqualTo("herons");
        assertThat(basic.matches("three \"quiet\"")).isTrue();
        assertThat(basic.matches("three")).isFalse();
        assertThat(basic.toString() + login).doesNotContain("quiet").doesNotContain("herons");
        assertThat(login.challenged(List.of("Basic realm=\"x\""))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Basic !!!", "Basic YWJj", "Basic", "Bearer x", "''", "'Digest username=\"a\", algorithm=MD4'"})
    void whatIsNoLoginIsNone(String header) {
        assertThat(Authorization.parse(header)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Digest", "'Digest ,,,='", "'Digest username=\"a'", "'Digest username=\"a\", response=\"\"'"})
    void aBrokenAnswerMatchesNothing(String header) {
        Authorization.Answer answer =
                (Authorization.Answer) Authorization.parse(header).orElseThrow();
        assertThat(answer.matches("Millrace", "", "PLAY", URI)).isFalse();
        assertThat(nonces.isFresh(answer.nonce())).isFalse();
    }
}
