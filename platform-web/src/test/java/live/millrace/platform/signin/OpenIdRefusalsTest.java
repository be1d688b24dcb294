// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.signin.OpenIdServer.SITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import live.millrace.media.testing.FreePort;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.signin.OpenIdProviders.Draft;
import live.millrace.platform.signin.OpenIdProviders.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** What is no log-in by another service, what becomes of one that is away, and that its secret is seen by nobody. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
class OpenIdRefusalsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private OpenIdProviders providers;

    @Autowired
    private OpenIdLinks links;

    @Autowired
    private Audit audit;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private OpenIdServer server;
    private OpenIdBrowser browser;
    private AccountPrincipal anna;

    private Draft draft(String issuer, String secret, boolean enabled) {
        return new Draft(1, "Elsewhere", issuer, OpenIdServer.CLIENT, secret, enabled, 0);
    }

    @BeforeEach
    void linked() throws Exception {
        server = new OpenIdServer();
        browser = new OpenIdBrowser(site, server);
        database.sql("delete from signin_openid_provider").update();
        assertThat(providers.save(draft(server.issuer(), OpenIdServer.SECRET, true), true, Actor.SITE))
                .isNull();
        server.person("sub-" + TestPeople.name(), TestPeople.name() + "@elsewhere.example", true, TestPeople.name());
        anna = people.user();
        browser.formTrip("/settings/security/links/1", TestPeople.logIn(site, anna))
                .andExpect(redirectedUrl("/settings/security?said=link-added#links"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String why(ResultActions answer) {
        return answer.andReturn().getRequest().getAttribute(LoginFailure.ATTRIBUTE) instanceof LoginFailure failure
                ? failure.messageKey()
                : "in";
    }

    // ---- what is not true -------------------------------------------------------------------------------------

    @Test
    void aTokenThatIsNotForThisLogInIsNone() throws Exception {
        Map<String, Consumer<JwtClaimsSet.Builder>> bent = new LinkedHashMap<>();
        bent.put("another nonce", token -> token.claim("nonce", "another"));
        bent.put("no nonce", token -> token.claims(all -> all.remove("nonce")));
        bent.put("another issuer", token -> token.issuer("https://elsewhere.example"));
        bent.put("another audience", token -> token.audience(List.of("somebody-else")));
        bent.put(
                "several audiences and none of them named",
                token -> token.audience(List.of(OpenIdServer.CLIENT, "somebody-else"))
                        .claims(all -> all.remove("azp")));
        bent.put("another one's", token -> token.claim("azp", "somebody-else"));
        bent.put(
                "expired",
                token -> token.issuedAt(Instant.now().minus(Duration.ofHours(2)))
                        .expiresAt(Instant.now().minus(Duration.ofHours(1))));
        bent.put(
                "from the future",
                token -> token.issuedAt(Instant.now().plus(Duration.ofHours(1)))
                        .expiresAt(Instant.now().plus(Duration.ofHours(2))));
        bent.put("endless", token -> token.claims(all -> all.remove("exp")));
        bent.put("no subject", token -> token.claims(all -> all.remove("sub")));
        for (Map.Entry<String, Consumer<JwtClaimsSet.Builder>> one : bent.entrySet()) {
            server.bend = one.getValue();
            assertThat(why(browser.logIn())).as(one.getKey()).isEqualTo("openid.failed.wrong");
        }
        server.bend = _ -> {};
        browser.logIn().andExpect(redirectedUrl("/settings"));
    }

    @Test
    void aWayBackThatWasNotBegunHereIsNone() throws Exception {
        OpenIdBrowser.Away away = browser.away("/login/with/1");
        // In a browser that was not sent there: somebody would be signed in as somebody else.
        assertThat(why(site.perform(get(away.back())))).isEqualTo("openid.failed.stale");
        // With the state of another way.
        Cookie other = browser.away("/login/with/1").trip();
        assertThat(why(site.perform(get(away.back()).cookie(other)))).isEqualTo("openid.failed.stale");
        // To another service's address.
        URI elsewhere = URI.create(away.back().toString().replace("/with/1/", "/with/2/"));
        assertThat(why(site.perform(get(elsewhere).cookie(away.trip())))).isEqualTo("openid.failed.stale");
        assertThat(why(site.perform(get(away.back()).cookie(new Cookie("openid", "AAAA")))))
                .isEqualTo("openid.failed.stale");
        // An answer that names another issuer (RFC 9207).
        assertThat(why(site.perform(get(URI.create(away.back() + "&iss=https://evil.example"))
                        .cookie(away.trip()))))
                .isEqualTo("openid.failed.wrong");
        browser.back(away).andExpect(redirectedUrl("/"));
        // A code is good once.
        assertThat(why(browser.back(away))).isEqualTo("openid.failed.wrong");
        assertThat(why(site.perform(get("/login/with/x/return")))).isIn("openid.failed.stale", "openid.failed.off");
    }

    @Test
    void whoSaysNoThereIsNotInAndIsToldSo() throws Exception {
        OpenIdBrowser.Away away = browser.away("/login/with/1");
        String state = away.back().getRawQuery().replaceFirst(".*(state=[^&]*).*", "$1");
        assertThat(why(site.perform(get(URI.create(SITE + "/login/with/1/return?error=access_denied&" + state))
                        .cookie(away.trip()))))
                .isEqualTo("openid.failed.denied");
        assertThat(why(site.perform(get(URI.create(SITE + "/login/with/1/return?error=server_error&" + state))
                        .cookie(away.trip()))))
                .isEqualTo("openid.failed.away");
    }

    // ---- keys -------------------------------------------------------------------------------------------------

    @Test
    void keysAreFetchedOnceAndAnewWhenTheyAreNew() throws Exception {
        browser.logIn().andExpect(redirectedUrl("/settings"));
        int fetched = server.keysFetched.get();
        browser.logIn().andExpect(redirectedUrl("/settings"));
        browser.logIn().andExpect(redirectedUrl("/settings"));
        assertThat(server.keysFetched).hasValue(fetched);
        server.rotate();
        browser.logIn().andExpect(redirectedUrl("/settings"));
        assertThat(server.keysFetched).hasValue(fetched + 1);
    }

    // ---- away -------------------------------------------------------------------------------------------------

    @Test
    void aServiceThatIsAwayStopsNobodyElse() throws Exception {
        OpenIdBrowser.Away away = browser.away("/login/with/1");
        server.close();
        try {
            assertThat(why(browser.back(away))).isEqualTo("openid.failed.away");
            // What was known of it is asked for again after a change.
            database.sql("update signin_openid_provider set changed_at = now()").update();
            MockHttpServletResponse begun =
                    site.perform(get(SITE + "/login/with/1")).andReturn().getResponse();
            assertThat(begun.getStatus()).isEqualTo(503);
            assertThat(site.perform(get("/login")).andReturn().getResponse().getContentAsString())
                    .contains("Continue with Elsewhere");
            assertThat(TestPeople.logIn(site, anna)).isNotNull();
            // And can be switched off while it is.
            assertThat(providers.save(draft(server.issuer(), "", false), false, Actor.SITE))
                    .isNull();
            assertThat(providers.offered()).isEmpty();
        } finally {
            server = new OpenIdServer();
        }
    }

    @Test
    void aServiceThatIsSwitchedOffLetsNobodyIn() throws Exception {
        OpenIdBrowser.Away away = browser.away("/login/with/1");
        assertThat(providers.save(draft(server.issuer(), "", false), false, Actor.SITE))
                .isNull();
        assertThat(why(browser.back(away))).isEqualTo("openid.failed.off");
        assertThat(links.of(anna.accountId()))
                .singleElement()
                .satisfies(link -> assertThat(link.provider()).isZero());
    }

    // ---- setting up -------------------------------------------------------------------------------------------

    @Test
    void whatIsWrongWithAServiceIsSaidInWords() throws Exception {
        int closed = FreePort.next();
        String issuer = server.issuer();
        assertThat(save("http://127.0.0.1:" + closed)).isEqualTo("openid.problem.unreachable");
        assertThat(save("http://elsewhere.example")).isEqualTo("openid.problem.address");
        assertThat(save("ftp://elsewhere.example")).isEqualTo("openid.problem.address");
        assertThat(save("no address")).isEqualTo("openid.problem.address");
        assertThat(save(issuer + "?a=b")).isEqualTo("openid.problem.address");
        assertThat(save("https://user:pass@elsewhere.example")).isEqualTo("openid.problem.address");
        assertThat(save(issuer + "/nothing/here")).isEqualTo("openid.problem.status");
        // Its end is easily typed too much; it is kept as the service writes it.
        assertThat(providers.save(
                        new Draft(1, "Elsewhere", issuer + "/", OpenIdServer.CLIENT, OpenIdServer.SECRET, true, 0),
                        false,
                        Actor.SITE))
                .isNull();
        assertThat(providers.find(1).orElseThrow().issuer()).isEqualTo(issuer);
        browser.logIn().andExpect(redirectedUrl("/settings"));
    }

    private String save(String issuer) {
        Problem problem = providers.save(draft(issuer, OpenIdServer.SECRET, true), false, Actor.SITE);
        return problem == null ? "" : problem.messageKey();
    }

    @Test
    void aSecretIsNotSentToAnotherPlaceThanItWasEnteredFor() {
        assertThat(Objects.requireNonNull(providers.save(
                                new Draft(1, "Elsewhere", server.issuer(), "another", "", true, 0), false, Actor.SITE))
                        .messageKey())
                .isEqualTo("openid.problem.secret-again");
        assertThat(Objects.requireNonNull(providers.save(draft("https://evil.example", "", false), false, Actor.SITE))
                        .messageKey())
                .isEqualTo("openid.problem.secret-again");
        assertThat(providers.save(draft(server.issuer(), "", true), false, Actor.SITE))
                .isNull();
    }

    @Test
    void theConsoleTakesASecretAndShowsItToNobody(CapturedOutput output) throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        database.sql("delete from signin_openid_provider").update();
        String form = site.perform(get(SITE + "/admin/login-services/new").with(user(admin)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(form).contains("value=\"" + SITE + "/login/with/1/return\"");
        MockHttpServletRequestBuilder make = post("/admin/login-services")
                .with(csrf())
                .param("number", "1")
                .param("name", "Elsewhere")
                .param("issuer", server.issuer())
                .param("clientId", OpenIdServer.CLIENT)
                .param("enabled", "true");
        site.perform(make.with(user(admin, Duration.ofMinutes(11)))).andExpect(status().isForbidden());
        // A form that was kept while its sender confirmed who they are holds none.
        assertThat(site.perform(make.with(user(admin)))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("The secret wasn’t kept");
        assertThat(site.perform(make.param("secret", OpenIdServer.SECRET).param("issuer", "http://elsewhere.example"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .doesNotContain(OpenIdServer.SECRET);
        site.perform(post("/admin/login-services")
                        .with(csrf())
                        .with(user(admin))
                        .param("number", "1")
                        .param("name", "Elsewhere")
                        .param("issuer", server.issuer())
                        .param("clientId", OpenIdServer.CLIENT)
                        .param("secret", OpenIdServer.SECRET)
                        .param("enabled", "true"))
                .andExpect(redirectedUrl("/admin/login-services?said=done"));
        browser.logIn().andExpect(redirectedUrl("/settings"));
        server.bend = token -> token.claim("nonce", "another");
        browser.logIn();
        for (String page :
                List.of("/admin/login-services", "/admin/login-services/1", "/admin/audit", "/settings/security")) {
            assertThat(site.perform(get(page).with(user(admin)))
                            .andExpect(status().isOk())
                            .andReturn()
                            .getResponse()
                            .getContentAsString())
                    .as(page)
                    .doesNotContain(OpenIdServer.SECRET);
        }
        assertThat(output.getAll()).doesNotContain(OpenIdServer.SECRET);
        assertThat(database.sql("select t::text || encode(t.secret, 'escape') from signin_openid_provider t")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .doesNotContain(OpenIdServer.SECRET);
        assertThat(audit.find(new Audit.Search(admin.getUsername(), null, null, null, null), Long.MAX_VALUE, 50))
                .anySatisfy(entry -> {
                    assertThat(entry.action()).isEqualTo("login-service.put");
                    assertThat(entry.details()).contains(server.issuer()).doesNotContain(OpenIdServer.SECRET);
                });
        site.perform(post("/admin/login-services/1/remove").with(csrf()).with(user(admin)))
                .andExpect(redirectedUrl("/admin/login-services?said=done"));
        // Whoever was linked is linked again once it is back.
        assertThat(links.of(anna.accountId())).hasSize(1);
    }
}
