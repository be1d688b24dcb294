// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Plain HTTP: what directories are answered, who is sent on and where to, and what browsers remember. */
class HttpsFilterTest {
    private static final Map<String, String> SETTINGS = Map.of("millrace.https.domain", "live.example.org");
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    /** No database is there. */
    private static final HttpsRows ROWS =
            new HttpsRows(JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none")));

    private final Held held = new Held(HttpsSettingsTest.mode(SETTINGS));

    private static final class Held extends HeldCertificate {
        private Optional<String> domain = Optional.of("live.example.org");
        private @Nullable Instant healthy = NOW.minus(Duration.ofDays(8));
        private Optional<String> awaited = Optional.empty();

        Held(HttpsMode mode) {
            super(mode, ROWS, new KeptCertificates(null, null), new SiteAddress(null), Clock.systemUTC());
        }

        @Override
        Optional<String> domain() {
            return domain;
        }

        @Override
        Optional<String> awaited() {
            return awaited;
        }

        @Override
        Optional<Instant> healthySince() {
            return Optional.ofNullable(healthy);
        }
    }

    private final Proofs proofs = new Proofs(ROWS, held, Clock.systemUTC()) {
        @Override
        Optional<String> answer(String token) {
            return token.equals("abc_-1") ? Optional.of("abc_-1.thumb") : Optional.empty();
        }
    };

    private MockHttpServletResponse ask(MockHttpServletRequest request, int port, Map<String, String> settings)
            throws Exception {
        request.setLocalPort(port);
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        new HttpsFilter(HttpsSettingsTest.mode(settings), held, proofs).doFilter(request, response, chain);
        if (chain.getRequest() != null) {
            response.setStatus(299); // the site's own answer
        }
        return response;
    }

    private static MockHttpServletRequest get(String path) {
        return new MockHttpServletRequest("GET", path);
    }

    @ParameterizedTest
    @CsvSource({
        "/, https://live.example.org/",
        "/anna?a=1&b=%20, https://live.example.org/anna?a=1&b=%20",
        "//evil.example/x, https://live.example.org//evil.example/x",
        "/\\evil.example, https://live.example.org/\\evil.example",
        "/@evil.example, https://live.example.org/@evil.example",
        "/%0d%0aX:%20y, https://live.example.org/%0d%0aX:%20y",
        "/.well-known/security.txt, https://live.example.org/.well-known/security.txt",
        "/admin/https, https://live.example.org/login?continue=%2Fadmin%2Fhttps",
        "/admin?a=1, https://live.example.org/login?continue=%2Fadmin",
        "/administration, https://live.example.org/administration"
    })
    void whoComesByPlainHttpIsSentToTheDomain(String path, String location) throws Exception {
        for (String host :
                new String[] {"live.example.org", "evil.example", "evil.example:80", "live.example.org.evil"}) {
            MockHttpServletRequest request = get(path.replaceFirst("\\?.*", ""));
            request.setQueryString(path.contains("?") ? path.substring(path.indexOf('?') + 1) : null);
            request.setServerName(host);
            request.addHeader("Host", host);
            request.addHeader("X-Forwarded-Host", "evil.example");
            MockHttpServletResponse response = ask(request, 80, SETTINGS);
            assertThat(response.getStatus()).isEqualTo(location.contains("/login?") ? 303 : 308);
            assertThat(response.getHeader("Location")).isEqualTo(location);
            assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
        }
    }

    @Test
    void elsewhereAndWithoutACertificateTheSiteAnswers() throws Exception {
        assertThat(ask(get("/"), 8080, SETTINGS).getStatus()).isEqualTo(299);
        assertThat(ask(new MockHttpServletRequest("OPTIONS", "*"), 80, SETTINGS).getStatus())
                .isEqualTo(299);
        held.domain = Optional.empty();
        assertThat(ask(get("/setup/x"), 80, SETTINGS).getStatus()).isEqualTo(299);
        held.domain = Optional.of("live.example.org");
        Map<String, String> own = Map.of("millrace.https.port", "443", "millrace.tls.bundle", "site");
        assertThat(ask(get("/"), 80, own).getStatus()).isEqualTo(299);
        assertThat(ask(get("/.well-known/acme-challenge/abc_-1"), 80, own).getStatus())
                .isEqualTo(299);
    }

    /** The old one may lead nowhere any more, and the new one has no certificate yet. */
    @Test
    void whoComesForADomainThatIsAwaitedStays() throws Exception {
        held.awaited = Optional.of("new.example.org");
        MockHttpServletRequest request = get("/");
        request.setServerName("New.example.org");
        assertThat(ask(request, 80, SETTINGS).getStatus()).isEqualTo(299);
        MockHttpServletRequest other = get("/");
        other.setServerName("live.example.org");
        MockHttpServletResponse answer = ask(other, 80, SETTINGS);
        assertThat(answer.getStatus()).isEqualTo(308);
        assertThat(answer.getHeader("Location")).isEqualTo("https://live.example.org/");
    }

    @Test
    void aFormIsSentOnAsAForm() throws Exception {
        assertThat(ask(new MockHttpServletRequest("POST", "/login"), 80, SETTINGS)
                        .getStatus())
                .isEqualTo(308);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 8080})
    void directoriesAreAnsweredAtAnyPort(int port) throws Exception {
        MockHttpServletResponse answer = ask(get("/.well-known/acme-challenge/abc_-1"), port, SETTINGS);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString()).isEqualTo("abc_-1.thumb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "../x", "abc_-1/", "a%2fb", "<script>"})
    void whatNobodyOpenedIsNotThere(String token) throws Exception {
        MockHttpServletResponse answer = ask(get("/.well-known/acme-challenge/" + token), 80, SETTINGS);
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.getContentAsString()).doesNotContain("script");
    }

    /** The database that is away here is asked for nothing but tokens. */
    @Test
    void aTokenThatCannotBeOneAsksNobody() {
        Proofs real = new Proofs(ROWS, held, Clock.systemUTC());
        assertThat(real.answer("a".repeat(129))).isEmpty();
        assertThat(real.answer("a'b")).isEmpty();
        assertThat(real.answer("aToken")).isEmpty();
    }

    @Test
    void browsersRememberAfterAWeekWithoutAFailure() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        RememberedHttps remembered = new RememberedHttps(HttpsSettingsTest.mode(SETTINGS), held, clock);
        MockHttpServletRequest request = get("/");
        request.setServerName("live.example.org");
        assertThat(remembered.of(request)).contains("max-age=31536000");
        request.setServerName("other.example.org");
        assertThat(remembered.of(request)).isEmpty();
        request.setServerName("live.example.org");
        held.healthy = NOW.minus(Duration.ofDays(6));
        assertThat(remembered.of(request)).isEmpty();
        held.healthy = null;
        assertThat(remembered.of(request)).isEmpty();
        held.healthy = NOW.minus(Duration.ofDays(8));
        HttpsMode staging = HttpsSettingsTest.mode(
                Map.of("millrace.https.domain", "live.example.org", "millrace.https.directory", "staging"));
        assertThat(new RememberedHttps(staging, held, clock).of(request)).isEmpty();
        HttpsMode proxied = HttpsSettingsTest.mode(Map.of());
        assertThat(new RememberedHttps(proxied, held, clock).of(request))
                .contains("max-age=31536000; includeSubDomains");
    }
}
