// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.test.context.ContextConfiguration;

/** Forms: what other sites make a browser send is refused, and what a person typed is not lost. Over the network, as browsers do it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestDatabase.class)
class PageTokenTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private static final String CONTEXT = HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY;

    @LocalServerPort
    private int port;

    @Autowired
    private TestPeople people;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private FindByIndexNameSessionRepository<? extends Session> sessions;

    private HttpClient client;

    /** What a browser has, by name; kept here, where the test may plant something. */
    private final Map<String, String> cookies = new LinkedHashMap<>();

    private String setCookies = "";

    @BeforeEach
    void open() {
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers) throws Exception {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie", cookies.entrySet().stream().map(Object::toString).collect(Collectors.joining("; ")));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = client.send(
                request.uri(URI.create("http://localhost:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        setCookies = String.join("\n", answer.headers().allValues("Set-Cookie"));
        for (String set : answer.headers().allValues("Set-Cookie")) {
            String pair = set.split(";", 2)[0];
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return answer;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    private HttpResponse<String> post(String path, Map<String, String> form, String... headers) throws Exception {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                path,
                headers);
    }

    private String own() {
        return "http://localhost:" + port;
    }

    private static String token(String page) {
        Matcher token = TOKEN.matcher(page);
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    private AccountPrincipal logIn() throws Exception {
        AccountPrincipal anna = people.user();
        assertThat(post(
                                "/login",
                                Map.of(
                                        "username",
                                        anna.getUsername(),
                                        "password",
                                        TestPeople.PASSWORD,
                                        "_csrf",
                                        token(get("/login").body())))
                        .headers()
                        .firstValue("Location"))
                .contains("/");
        return anna;
    }

    @Test
    void theCookieComesAlongFromElsewhereAndLivesAsLongAsTheSession() throws Exception {
        get("/login");
        assertThat(setCookies)
                .contains("csrf=", "SameSite=Lax", "Max-Age=1209600", "HttpOnly")
                .doesNotContain("Strict");
    }

    @Test
    void whatAnotherSiteSendsIsRefusedWhateverItsToken() throws Exception {
        logIn();
        Map<String, String> form =
                Map.of("language", "en", "_csrf", token(get("/settings/account").body()));
        for (String[] from : new String[][] {
            {"Origin", "https://evil.example"},
            {"Origin", "http://localhost.evil.example:" + port},
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"}
        }) {
            assertThat(post("/settings/account", form, from).statusCode())
                    .as(from[1])
                    .isEqualTo(403);
        }
        for (String[] from : new String[][] {
            {"Origin", own()},
            // A proxy that ends HTTPS and says so to nobody.
            {"Origin", "https://localhost:" + port},
            {"Origin", "null"},
            {"Sec-Fetch-Site", "same-origin", "Origin", "https://live.example.org"},
            {}
        }) {
            assertThat(post("/settings/account", form, from).statusCode())
                    .as(String.join(" ", from))
                    .isEqualTo(302);
        }
    }

    /** Whoever can set a cookie, from another host of the domain, plants one that the site itself made, for themselves. */
    @Test
    void aTokenOfSomebodyElseIsNoTokenOfMine() throws Exception {
        String planted = token(get("/login").body());
        String cookie = cookies.get(SignedCsrfTokens.COOKIE);
        cookies.clear();
        logIn();
        cookies.put(SignedCsrfTokens.COOKIE, cookie);
        assertThat(post("/settings/account", Map.of("language", "en", "_csrf", planted))
                        .statusCode())
                .isEqualTo(403);
        cookies.put(SignedCsrfTokens.COOKIE, "a.b");
        assertThat(post("/settings/account", Map.of("language", "en", "_csrf", "a.b"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aStaleFormKeepsWhatWasTypedAndIsSentAgain() throws Exception {
        logIn();
        Map<String, String> typed =
                Map.of("description", "About <me>", "password", "not for the page", "_csrf", "of yesterday");
        HttpResponse<String> stale = post("/studio/channel", typed, "Origin", own());
        assertThat(stale.statusCode()).isEqualTo(403);
        assertThat(stale.body())
                .contains("action=\"/studio/channel\"", "value=\"About &lt;me&gt;\"")
                .doesNotContain("not for the page", "of yesterday");
        assertThat(post("/studio/channel", Map.of("description", "About <me>", "_csrf", token(stale.body())))
                        .statusCode())
                .isEqualTo(302);
        // Nobody else gets a form of theirs into our page.
        assertThat(post("/studio/channel", typed).body()).doesNotContain("About &lt;me&gt;");
    }

    @Test
    void aStaleLogInJustWorks() throws Exception {
        AccountPrincipal anna = people.user();
        Map<String, String> form =
                Map.of("username", anna.getUsername(), "password", TestPeople.PASSWORD, "_csrf", "of yesterday");
        assertThat(post("/login", form).statusCode()).isEqualTo(403);
        assertThat(post("/login", form, "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(post("/login", form, "Origin", own()).statusCode()).isEqualTo(302);
        assertThat(get("/settings").statusCode()).isEqualTo(200);
    }

    @Test
    void aScriptFetchesAFreshTokenAndAsksOnceMore() throws Exception {
        AccountPrincipal bob = people.user();
        logIn();
        String path = "/api/v1/channels/" + bob.getUsername() + "/follow";
        HttpResponse<String> stale = send(
                HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.noBody()),
                path,
                "X-CSRF-TOKEN",
                "of yesterday");
        assertThat(stale.statusCode()).isEqualTo(403);
        assertThat(stale.body()).contains("\"code\":\"page-token\"");
        Matcher fresh = Pattern.compile("\"token\":\"([^\"]+)\"")
                .matcher(get("/api/v1/page-token").body());
        assertThat(fresh.find()).isTrue();
        assertThat(send(
                                HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.noBody()),
                                path,
                                "X-CSRF-TOKEN",
                                fresh.group(1))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void overHttpsTheCookiesNamesSayThatNobodyElseSetThem() throws Exception {
        send(HttpRequest.newBuilder().GET(), "/login", "X-Forwarded-Proto", "https");
        assertThat(setCookies).contains("__Host-csrf=", "Secure").doesNotContain("Domain");
        AccountPrincipal anna = people.user();
        post(
                "/login",
                Map.of("username", anna.getUsername(), "password", TestPeople.PASSWORD),
                "X-Forwarded-Proto",
                "https",
                "Sec-Fetch-Site",
                "same-origin");
        assertThat(setCookies)
                .contains("__Host-SESSION=", "Secure", "SameSite=Lax")
                .doesNotContain("Domain");
        assertThat(send(HttpRequest.newBuilder().GET(), "/settings", "X-Forwarded-Proto", "https")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aRedirectFollowsNoHeader() throws Exception {
        for (String page : new String[] {"/settings", "/studio"}) {
            assertThat(send(HttpRequest.newBuilder().GET(), page, "X-Forwarded-Host", "evil.example")
                            .headers()
                            .firstValue("Location")
                            .orElseThrow())
                    .startsWith("/login?continue=");
        }
    }

    /** Their session, as it is eleven minutes after they came. */
    private static <S extends Session> void age(FindByIndexNameSessionRepository<S> sessions, String id) {
        S session = sessions.findById(id);
        SecurityContext context = session.getAttribute(CONTEXT);
        Authentication before = Objects.requireNonNull(context.getAuthentication());
        GrantedAuthority old = FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                .issuedAt(Instant.now().minus(Duration.ofMinutes(11)))
                .build();
        session.setAttribute(
                CONTEXT,
                new SecurityContextImpl(before.toBuilder()
                        .authorities(held -> {
                            held.removeIf(FactorGrantedAuthority.class::isInstance);
                            held.add(old);
                        })
                        .build()));
        sessions.save(session);
    }

    @Test
    void aFormThatWasSentGoesOnOnceItIsConfirmed() throws Exception {
        AccountPrincipal anna = logIn();
        String token = token(get("/studio/connect?new").body());
        String id = new String(Base64.getDecoder().decode(cookies.get(SessionStore.COOKIE)), StandardCharsets.UTF_8);
        age(sessions, id);
        HttpResponse<String> asked = post("/studio/keys", Map.of("name", "home PC", "_csrf", token), "Origin", own());
        assertThat(asked.statusCode()).isEqualTo(403);
        assertThat(asked.body()).contains("action=\"/confirm\"", "value=\"home PC\"", "value=\"/studio/keys\"");
        assertThat(keys.count(anna.accountId())).isZero();
        Map<String, String> sent = Map.of(
                "name",
                "home PC",
                "confirm-path",
                "/studio/keys",
                "confirm-again",
                "true",
                "confirm-password",
                TestPeople.PASSWORD,
                "_csrf",
                token(asked.body()));
        HttpResponse<String> confirmed = post("/confirm", sent, "Origin", own());
        assertThat(confirmed.statusCode()).isEqualTo(307);
        assertThat(confirmed.headers().firstValue("Location")).contains("/studio/keys");
        // As a browser follows it: with the same form.
        assertThat(post("/studio/keys", sent, "Origin", own()).statusCode()).isEqualTo(302);
        assertThat(keys.count(anna.accountId())).isOne();
    }
}
