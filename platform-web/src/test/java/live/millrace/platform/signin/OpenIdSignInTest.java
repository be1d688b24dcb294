// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.signin.OpenIdBrowser.cookie;
import static live.millrace.platform.signin.OpenIdBrowser.session;
import static live.millrace.platform.signin.OpenIdServer.SITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.forwardedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.signin.internal.TestCodes;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Log-ins by another service, which is a real one. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class OpenIdSignInTest {
    private static OpenIdServer server;

    @LocalServerPort
    private int port;

    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Vouched vouched;

    @Autowired
    private Joining joining;

    @Autowired
    private OpenIdProviders providers;

    @Autowired
    private OpenIdLinks links;

    @Autowired
    private AuthenticatorApps apps;

    @Autowired
    private JdbcClient database;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private MockMvc site;

    private OpenIdBrowser browser;

    @BeforeAll
    static void serve() {
        server = new OpenIdServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void provider() {
        browser = new OpenIdBrowser(site, server);
        database.sql("delete from signin_openid_provider").update();
        assertThat(providers.save(
                        new OpenIdProviders.Draft(
                                1, "Elsewhere", server.issuer(), OpenIdServer.CLIENT, OpenIdServer.SECRET, true, 0),
                        true,
                        Actor.SITE))
                .isNull();
        server.person("sub-" + TestPeople.name(), TestPeople.name() + "@elsewhere.example", true, TestPeople.name());
    }

    @AfterEach
    void open() {
        joining.change(SignUpMode.OPEN);
        settings.change(Setting.STAFF_SECOND_FACTOR, "", Actor.SITE);
    }

    private AccountPrincipal principal(String name) {
        return accounts.findForLogin(name).orElseThrow();
    }

    /** Somebody with a password and a link. */
    private AccountPrincipal linked(Role role) throws Exception {
        AccountPrincipal anna = people.account(role);
        browser.formTrip("/settings/security/links/1", TestPeople.logIn(site, anna))
                .andExpect(redirectedUrl("/settings/security?said=link-added#links"));
        return anna;
    }

    private String page(String path, Cookie session) throws Exception {
        return site.perform(get(path).cookie(session)).andReturn().getResponse().getContentAsString();
    }

    // ---- signing up and in ------------------------------------------------------------------------------------

    @Test
    void theFirstTimeSomebodyChoosesANameAndAfterwardsTheyAreIn() throws Exception {
        String name = TestPeople.name();
        String email = name + "@elsewhere.example";
        server.person("sub-" + name, email, true, name.toUpperCase(Locale.ROOT) + "!");
        Cookie arrived = session(browser.roundTrip("/login/with/1"));
        assertThat(page("/signup/with", arrived)).contains("value=\"" + name + "\"", email, "Elsewhere");
        Cookie session = browser.signUp(name);
        assertThat(page("/settings/security", session)).contains("Elsewhere", email, "This account has no password");
        assertThat(accounts.preferences(principal(name).accountId()).orElseThrow())
                .satisfies(one -> assertThat(one.email()).isEqualTo(email))
                .satisfies(one -> assertThat(one.verified()).isTrue());
        // A secret is made without being asked again in the first hour.
        site.perform(post("/studio/keys").with(csrf()).cookie(session).param("name", "OBS"))
                .andExpect(redirectedUrl("/studio/connect?made"));
        Cookie again = session(browser.logIn().andExpect(redirectedUrl("/settings")));
        assertThat(page("/settings/security", again)).contains("This device");
        assertThat(links.of(principal(name).accountId()))
                .singleElement()
                .satisfies(link -> assertThat(link.lastUsedAt()).isNotNull());
    }

    @Test
    void pkceStateAndNonceGoAlongAndNoSecretDoes() throws Exception {
        browser.logIn();
        assertThat(server.asked)
                .contains("code_challenge=", "code_challenge_method=S256", "state=", "nonce=", "response_type=code")
                .contains("scope=openid%20profile%20email")
                .doesNotContain(OpenIdServer.SECRET);
    }

    @Test
    void nobodyWhoOnlyLooksGetsASessionAndNothingIsKeptOfThoseWhoGoAway() throws Exception {
        long before = sessions();
        try (HttpClient reader = HttpClient.newHttpClient()) {
            HttpResponse<Void> away = reader.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/login/with/1"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(away.statusCode()).isEqualTo(302);
            assertThat(away.headers().allValues("Set-Cookie"))
                    .singleElement()
                    .asString()
                    .startsWith("openid=");
        }
        assertThat(sessions()).isEqualTo(before);
    }

    @Test
    void thePagesOfferItAndKeepWhereSomebodyWasGoing() throws Exception {
        assertThat(site.perform(get("/login").param("continue", "/settings"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("\"/login/with/1?continue=/settings\"", "Continue with Elsewhere");
        assertThat(site.perform(get("/signup").param("for", "live").param("invite", "a&b"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("\"/login/with/1?for=live&amp;invite=a%26b\"", "Continue with Elsewhere");
        browser.roundTrip("/login/with/1?for=live").andExpect(redirectedUrl("/signup/with"));
        joining.change(SignUpMode.CLOSED);
        assertThat(site.perform(get("/signup")).andReturn().getResponse().getContentAsString())
                .doesNotContain("/login/with/1");
        site.perform(get("/login/with/2"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(forwardedUrl(LoginFailure.PAGE));
    }

    private long sessions() {
        return database.sql("select count(*) from spring_session")
                .query(Long.class)
                .single();
    }

    @Test
    void anEqualMailAddressIsNobodysAccount() throws Exception {
        AccountPrincipal anna = people.user();
        String email = anna.getUsername() + "@example.org";
        database.sql("update account set verified_at = now() where id = ?")
                .param(anna.accountId())
                .update();
        server.person("sub-thief", email, true, "thief");
        Cookie session = session(browser.roundTrip("/login/with/1"));
        assertThat(page("/signup/with", session)).contains("There is an account with " + email, "Settings, Security");
        site.perform(post("/signup/with").with(csrf()).cookie(session).param("username", TestPeople.name()))
                .andExpect(status().isUnprocessableContent());
        assertThat(links.of(anna.accountId())).isEmpty();
        site.perform(get("/studio").cookie(session)).andExpect(redirectedUrlPattern("/login*"));
        // What the service does not vouch for is as good as typed, and tells nobody whose it is.
        server.person("sub-liar", email, false, "liar");
        Cookie liar = session(browser.roundTrip("/login/with/1"));
        assertThat(page("/signup/with", liar)).doesNotContain("There is an account", "Somebody has signed up");
        String name = TestPeople.name();
        site.perform(post("/signup/with")
                        .with(csrf())
                        .cookie(liar)
                        .param("username", name)
                        .param("email", email))
                .andExpect(redirectedUrl("/studio"));
        assertThat(accounts.findForLogin(email).orElseThrow().accountId()).isEqualTo(anna.accountId());
    }

    @Test
    void theModeOfJoiningHolds() throws Exception {
        joining.change(SignUpMode.APPROVAL);
        Cookie session = session(browser.roundTrip("/login/with/1"));
        String name = TestPeople.name();
        var form = post("/signup/with").with(csrf()).cookie(session).param("username", name);
        site.perform(form).andExpect(status().isUnprocessableContent());
        site.perform(form.param("reason", "To see")).andExpect(redirectedUrl("/signup/waiting"));
        browser.logIn()
                .andExpect(forwardedUrl(LoginFailure.PAGE))
                .andExpect(request()
                        .attribute(
                                LoginFailure.ATTRIBUTE,
                                new LoginFailure("security.login.waiting", "", "/settings", Duration.ZERO)));
        assertThat(joining.accept(principal(name).accountId())).isTrue();
        browser.logIn().andExpect(redirectedUrl("/settings"));

        joining.change(SignUpMode.INVITE);
        server.person("sub-" + TestPeople.name(), "b@elsewhere.example", false, "bert");
        Cookie stranger = session(browser.roundTrip("/login/with/1"));
        site.perform(post("/signup/with")
                        .with(csrf())
                        .cookie(stranger)
                        .param("username", TestPeople.name())
                        .param("email", "b@elsewhere.example"))
                .andExpect(status().isUnprocessableContent());
        String invite = joining.invite("class", 1, Duration.ofDays(1));
        Cookie invited = session(browser.roundTrip("/login/with/1?invite=" + invite));
        site.perform(post("/signup/with")
                        .with(csrf())
                        .cookie(invited)
                        .param("username", TestPeople.name())
                        .param("email", "b@elsewhere.example"))
                .andExpect(redirectedUrl("/studio"));
        assertThat(joining.admits(invite)).isFalse();

        joining.change(SignUpMode.CLOSED);
        server.person("sub-" + TestPeople.name(), "c@elsewhere.example", true, "carl");
        Cookie late = session(browser.roundTrip("/login/with/1"));
        site.perform(post("/signup/with").with(csrf()).cookie(late).param("username", TestPeople.name()))
                .andExpect(status().isUnprocessableContent());
    }

    @Test
    void oneAccountComesOfTwoWindows() throws Exception {
        Cookie first = session(browser.roundTrip("/login/with/1"));
        Cookie second = session(browser.roundTrip("/login/with/1"));
        site.perform(post("/signup/with").with(csrf()).cookie(first).param("username", TestPeople.name()))
                .andExpect(redirectedUrl("/studio"));
        String name = TestPeople.name();
        site.perform(post("/signup/with").with(csrf()).cookie(second).param("username", name))
                .andExpect(redirectedUrl("/login/with/1"));
        assertThat(accounts.findByUsername(name)).isEmpty();
    }

    @Test
    void whoIsSuspendedOrGoneIsToldSoAsWithAPassword() throws Exception {
        AccountPrincipal anna = linked(Role.USER);
        accounts.suspend(anna.accountId(), "spam", null);
        browser.logIn().andExpect(redirectedUrlPattern("/suspended/*"));
        accounts.restore(anna.accountId());
        browser.logIn().andExpect(redirectedUrl("/settings"));
        database.sql("delete from account where id = ?").param(anna.accountId()).update();
        browser.logIn().andExpect(redirectedUrl("/signup/with"));
    }

    @Test
    void aSecondStepIsAskedForAsAfterAPassword() throws Exception {
        AccountPrincipal anna = linked(Role.USER);
        AuthenticatorApps.Offer offer = apps.offer(anna.accountId(), anna.getUsername());
        List<String> codes =
                apps.confirm(anna.accountId(), offer.sealed(), codeOf(offer)).orElseThrow();
        Cookie half = session(browser.logIn().andExpect(redirectedUrl("/login/code?continue=%2Fsettings")));
        site.perform(get("/settings").cookie(half)).andExpect(redirectedUrlPattern("/login?continue=*"));
        site.perform(post("/login/code")
                        .with(csrf())
                        .cookie(half)
                        .param("code", codes.getFirst())
                        .param("continue", "/settings"))
                .andExpect(redirectedUrl("/settings"));
    }

    private static String codeOf(AuthenticatorApps.Offer offer) {
        return TestCodes.code(offer.key(), Instant.now().minusSeconds(30));
    }

    /** A service is no second proof: staff of whom one is wanted are nobody until they show it. */
    @Test
    void staffWithoutASecondProofHaveNoConsole() throws Exception {
        linked(Role.ADMIN);
        site.perform(get("/admin").cookie(session(browser.logIn()))).andExpect(status().isOk());
        settings.change(Setting.STAFF_SECOND_FACTOR, "on", Actor.SITE);
        Cookie session = session(browser.logIn().andExpect(redirectedUrl("/settings/security?staff")));
        site.perform(get("/admin").cookie(session)).andExpect(redirectedUrl("/settings/security?staff"));
    }

    // ---- links ------------------------------------------------------------------------------------------------

    @Test
    void anAccountIsLinkedAndUnlinkedAndItsOwnerIsTold() throws Exception {
        AccountPrincipal anna = linked(Role.USER);
        assertThat(notices(anna)).contains("SERVICE_LINKED");
        browser.logIn().andExpect(redirectedUrl("/settings"));
        Cookie session = TestPeople.logIn(site, anna);
        browser.formTrip("/settings/security/links/1", session)
                .andExpect(redirectedUrl("/settings/security?said=link-there#links"));
        // What is somebody's cannot be another's.
        AccountPrincipal bert = people.user();
        browser.formTrip("/settings/security/links/1", TestPeople.logIn(site, bert))
                .andExpect(redirectedUrl("/settings/security?said=link-taken#links"));
        long id = links.of(anna.accountId()).getFirst().id();
        site.perform(post("/settings/security/links/" + id + "/remove")
                        .with(csrf())
                        .with(user(bert)))
                .andExpect(redirectedUrl("/settings/security?said=link-gone#links"));
        site.perform(post("/settings/security/links/" + id + "/remove")
                        .with(csrf())
                        .with(user(anna)))
                .andExpect(redirectedUrl("/settings/security?said=link-removed#links"));
        assertThat(notices(anna)).contains("SERVICE_UNLINKED");
        browser.logIn().andExpect(redirectedUrl("/signup/with"));
    }

    private List<String> notices(AccountPrincipal who) {
        return database.sql("select kind from notification_notice where account_id = ?")
                .param(who.accountId())
                .query(String.class)
                .list();
    }

    @Test
    void linkingAsksAgainWhoItIsAndBelongsToTheSessionThatBeganIt() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(post("/settings/security/links/1").with(csrf()).with(user(anna, Duration.ofMinutes(11))))
                .andExpect(status().isForbidden());
        MockHttpServletResponse away = site.perform(
                        post(SITE + "/settings/security/links/1").with(csrf()).with(user(anna)))
                .andReturn()
                .getResponse();
        URI back =
                server.visit(Objects.requireNonNull(away.getHeader("Refresh")).substring("0; url=".length()));
        AccountPrincipal bert = people.user();
        site.perform(get(back).cookie(cookie(away, "openid")).with(user(bert))).andExpect(redirectedUrl("/login"));
        assertThat(links.of(bert.accountId())).isEmpty();
        assertThat(links.of(anna.accountId())).isEmpty();
    }

    @Test
    void theLastWayInStays() throws Exception {
        String name = TestPeople.name();
        Cookie session = browser.signUp(name);
        AccountPrincipal anna = principal(name);
        long id = links.of(anna.accountId()).getFirst().id();
        String unlink = "/settings/security/links/" + id + "/remove";
        site.perform(post(unlink).with(csrf()).cookie(session))
                .andExpect(redirectedUrl("/settings/security?said=link-last#links"));
        // A password is another way in.
        assertThat(page("/settings/password", session))
                .contains("Set a password")
                .doesNotContain("name=\"current\"");
        site.perform(post("/settings/password/first")
                        .with(csrf())
                        .cookie(session)
                        .param("replacement", "short"))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/settings/password/first")
                        .with(csrf())
                        .cookie(session)
                        .param("replacement", TestPeople.PASSWORD))
                .andExpect(redirectedUrl("/settings/password?changed"));
        assertThat(TestPeople.logIn(site, anna)).isNotNull();
        // Once: the next one asks for it.
        site.perform(post("/settings/password/first")
                        .with(csrf())
                        .with(user(anna))
                        .param("replacement", "another three quiet herons"))
                .andExpect(redirectedUrl("/settings/password"));
        site.perform(post(unlink).with(csrf()).with(user(anna)))
                .andExpect(redirectedUrl("/settings/security?said=link-removed#links"));
    }

    @Test
    void aPasswordIsNeverRightForWhoHasNone() throws Exception {
        String name = TestPeople.name();
        browser.signUp(name);
        for (String typed : new String[] {"", "null", TestPeople.PASSWORD}) {
            site.perform(post("/login").with(csrf()).param("username", name).param("password", typed))
                    .andExpect(status().isUnprocessableContent());
        }
    }

    // ---- confirming -------------------------------------------------------------------------------------------

    /** What asks for a password asks somebody without one in another way, and does nothing before it. */
    @ParameterizedTest
    @ValueSource(strings = {"/settings/delete", "/settings/email", "/settings/password/first"})
    void whereAPasswordIsAskedForAnotherWayIsAskedFor(String form) throws Exception {
        String name = TestPeople.name();
        browser.signUp(name);
        AccountPrincipal anna = principal(name);
        site.perform(post(form)
                        .with(csrf())
                        .with(user(anna, Duration.ofMinutes(11)))
                        .param("email", "new@example.org")
                        .param("replacement", TestPeople.PASSWORD))
                .andExpect(redirectedUrlPattern("/confirm?continue=/settings/*"));
        assertThat(vouched.withoutPassword(anna.accountId())).isTrue();
        assertThat(accounts.preferences(anna.accountId()).orElseThrow().deleteAfter())
                .isNull();
        site.perform(post("/settings/delete").with(csrf()).with(user(anna)))
                .andExpect(redirectedUrl("/settings/account?leaving"));
    }

    @Test
    void theServiceConfirmsThatItIsThey() throws Exception {
        String name = TestPeople.name();
        browser.signUp(name);
        server.authenticatedAt = Instant.now().minus(Duration.ofHours(1));
        Cookie session = session(browser.logIn());
        site.perform(post("/studio/keys").with(csrf()).cookie(session).param("name", "OBS"))
                .andExpect(status().isForbidden())
                .andExpect(forwardedUrl("/confirm/ask"));
        assertThat(page("/confirm?continue=/studio/keys", session))
                .contains("Confirm with Elsewhere", "/confirm/with/1")
                .doesNotContain("confirm-password");
        server.authenticatedAt = Instant.now();
        MockHttpServletResponse confirmed = browser.formTrip(
                        "/confirm/with/1",
                        session,
                        "confirm-path",
                        "/studio/keys",
                        "confirm-again",
                        "true",
                        "name",
                        "OBS")
                .andExpect(status().isOk())
                .andReturn()
                .getResponse();
        assertThat(server.asked).contains("prompt=login", "max_age=0");
        assertThat(confirmed.getContentAsString()).contains("action=\"/studio/keys\"", "value=\"OBS\"");
        site.perform(post("/studio/keys")
                        .with(csrf())
                        .cookie(cookie(confirmed, "SESSION"))
                        .param("name", "OBS"))
                .andExpect(redirectedUrl("/studio/connect?made"));
    }

    @Test
    void noServiceConfirmsWithWhatItKnewFromBeforeOrForSomebodyElse() throws Exception {
        String name = TestPeople.name();
        String subject = server.person;
        browser.signUp(name);
        server.authenticatedAt = Instant.now().minus(Duration.ofHours(2));
        Cookie session = session(browser.logIn());
        // A log-in is as old as the proof that it rests on.
        site.perform(post("/studio/keys").with(csrf()).cookie(session).param("name", "OBS"))
                .andExpect(status().isForbidden());
        confirm(session, "without asking who you are");
        server.authenticatedAt = null;
        confirm(session, "does not say when you logged in");
        server.authenticatedAt = Instant.now();
        server.person = "somebody-else";
        confirm(session, "another account of the other service");
        site.perform(post("/studio/keys").with(csrf()).cookie(session).param("name", "OBS"))
                .andExpect(status().isForbidden());
        server.person = subject;
        browser.formTrip("/confirm/with/1", session, "confirm-path", "/settings/security")
                .andExpect(redirectedUrl("/settings/security"));
    }

    private void confirm(Cookie session, String refusal) throws Exception {
        assertThat(browser.formTrip("/confirm/with/1", session, "confirm-path", "/studio/keys")
                        .andExpect(status().isUnprocessableContent())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains(refusal);
    }
}
