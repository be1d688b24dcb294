// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.context.ContextConfiguration;

/** What holds for every answer, whoever gives it: the requests go over a socket, past no filter. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class EveryAnswerTest {
    private static final String NOSNIFF = "x-content-type-options: nosniff";

    @LocalServerPort
    private int port;

    /** The lines of an answer's head, in small letters. */
    private List<String> head(String line, String... fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            String request = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return List.of(answer.substring(0, answer.indexOf("\r\n\r\n"))
                    .toLowerCase(Locale.ROOT)
                    .split("\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /login",
                "GET /nobody/here",
                "GET /x%zz",
                "GET /%00",
                "GET /WEB-INF/web.xml",
                "TRACE /",
                "GET /api/v1/live",
                "GET /brand/og.png"
            })
    void saysOnceWhatItIsAndThatTheSiteIsEncrypted(String line) throws IOException {
        assertThat(head(line, "X-Forwarded-Proto: https"))
                .containsOnlyOnce(NOSNIFF)
                .containsOnlyOnce("strict-transport-security: " + EveryAnswer.HSTS.toLowerCase(Locale.ROOT));
        // A site in a house, without a certificate, must not say so.
        assertThat(head(line)).contains(NOSNIFF).noneMatch(field -> field.startsWith("strict-transport-security"));
    }

    /** It is where errors are shown, and nothing by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /error", "GET /%65rror", "HEAD /error"})
    void thePageOfErrorsIsNoPage(String line) throws IOException {
        assertThat(head(line).getFirst()).startsWith("http/1.1 404");
    }

    @Test
    void aCookieThatIsSetOverHttpsIsForHttpsAlone() {
        EveryAnswer.SecureCookies cookies = new EveryAnswer.SecureCookies();
        MockHttpServletRequest request = new MockHttpServletRequest();
        Cookie cookie = new Cookie("theme", "dark");
        assertThat(cookies.generateHeader(cookie, request)).doesNotContain("Secure");
        request.setSecure(true);
        assertThat(cookies.generateHeader(cookie, request)).contains("; Secure");
        assertThat(cookie.getSecure()).isFalse();
    }
}
