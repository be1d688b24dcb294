// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.signin.internal.TestCodes;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockMultipartHttpServletRequestBuilder;

/** A code after the password: who gets past it, who is asked for it, and how it is taken off. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SecondStepTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private AuthenticatorApps apps;

    @Autowired
    private Audit audit;

    @Autowired
    private Notices notices;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    @AfterEach
    void optionalAgain() {
        settings.change(Setting.STAFF_SECOND_FACTOR, "", Actor.SITE);
    }

    /** Somebody's app, as their phone has it. */
    private record App(String key, List<String> recovery) {
        String code(int stepsFromNow) {
            return TestCodes.code(key, Instant.now().plusSeconds(30L * stepsFromNow));
        }
    }

    private App setUp(AccountPrincipal anna) {
        AuthenticatorApps.Offer offer = apps.offer(anna.accountId(), anna.getUsername());
        List<String> recovery = apps.confirm(
                        anna.accountId(),
                        offer.sealed(),
                        TestCodes.code(offer.key(), Instant.now().minusSeconds(30)))
                .orElseThrow();
        return new App(offer.key(), recovery);
    }

    private ResultActions password(AccountPrincipal anna) throws Exception {
        return site.perform(post("/login")
                .with(csrf())
                .param("username", anna.getUsername())
                .param("password", PASSWORD)
                .param("continue", "/settings"));
    }

    /** The session of somebody whose password was right. */
    private Cookie asked(AccountPrincipal anna) throws Exception {
        return Objects.requireNonNull(password(anna)
                .andExpect(redirectedUrl("/login/code?continue=%2Fsettings"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
    }

    private ResultActions code(Cookie session, String typed) throws Exception {
        return site.perform(post("/login/code")
                .with(csrf())
                .cookie(session)
                .param("code", typed)
                .param("continue", "/settings"));
    }

    @Test
    void aRightPasswordIsNobodyUntilTheCodeIsRight() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        Cookie session = asked(anna);
        site.perform(get("/login/code").cookie(session)).andExpect(status().isOk());
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue*"));
        code(session, "12345").andExpect(status().isUnprocessableContent());
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue*"));
        String typed = app.code(0).substring(0, 3) + " " + app.code(0).substring(3);
        Cookie signedIn = Objects.requireNonNull(code(session, typed)
                .andExpect(redirectedUrl("/settings"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        // Not the session that was there before.
        assertThat(signedIn.getValue()).isNotEqualTo(session.getValue());
        site.perform(get("/settings").cookie(signedIn)).andExpect(status().isOk());
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue*"));
        // Over the shoulder: the same code is over, and so is the one before it.
        code(asked(anna), app.code(0)).andExpect(status().isUnprocessableContent());
        code(asked(anna), app.code(-1)).andExpect(status().isUnprocessableContent());
    }

    @Test
    void aCodeShowsThatItIsStillThey() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        site.perform(get("/confirm").with(user(anna))).andExpect(content().string(containsString("/confirm/code")));
        confirm(anna, "000000").andExpect(status().isUnprocessableContent());
        confirm(anna, app.code(0))
                .andExpect(status().isSeeOther())
                .andExpect(header().string("Location", "/settings/data"));
        // Each is good once, here as at the log-in.
        confirm(anna, app.code(0)).andExpect(status().isUnprocessableContent());
        confirm(anna, app.recovery().getFirst()).andExpect(status().isSeeOther());
        AccountPrincipal bob = people.user();
        site.perform(get("/confirm").with(user(bob))).andExpect(content().string(not(containsString("/confirm/code"))));
        confirm(bob, app.code(1)).andExpect(status().isUnprocessableContent());
    }

    private ResultActions confirm(AccountPrincipal who, String code) throws Exception {
        return site.perform(post("/confirm/code")
                .with(csrf())
                .with(user(who))
                .param("confirm-code", code)
                .param("confirm-path", "/settings/data"));
    }

    @Test
    void nobodyIsAskedWhoHasNoAppAndNobodyComesInWithoutAPassword() throws Exception {
        password(people.user()).andExpect(redirectedUrl("/settings"));
        site.perform(get("/login/code")).andExpect(redirectedUrl("/login"));
        site.perform(post("/login/code").with(csrf()).param("code", "000000")).andExpect(redirectedUrl("/login"));
        site.perform(post("/login/code/again").with(csrf())).andExpect(redirectedUrl("/login"));
    }

    @Test
    void aRecoveryCodeIsGoodOnceAndANewSetEndsTheOld() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        assertThat(app.recovery()).hasSize(10).doesNotHaveDuplicates();
        String typed = app.recovery().get(4).toUpperCase(java.util.Locale.ROOT).replace('-', ' ');
        code(asked(anna), typed).andExpect(redirectedUrl("/settings"));
        code(asked(anna), typed).andExpect(status().isUnprocessableContent());
        assertThat(apps.state(anna.accountId()).orElseThrow().codesLeft()).isEqualTo(9);
        List<String> renewed = apps.renewCodes(anna.accountId());
        code(asked(anna), app.recovery().get(5)).andExpect(status().isUnprocessableContent());
        code(asked(anna), renewed.get(5)).andExpect(redirectedUrl("/settings"));
        // None of them, nor the key of the app, can be read in a copy of the database.
        assertThat(database.sql("select hash from signin_recovery_code where account_id = ?")
                        .param(anna.accountId())
                        .query(String.class)
                        .list())
                .allSatisfy(hash -> assertThat(hash).startsWith("{argon2id}"));
    }

    @Test
    void ofTwoAtOnceWithOneCodeOneComesIn() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        String typed = app.code(0);
        try (ExecutorService both = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> take = () -> apps.take(anna.accountId(), typed).isPresent();
            long taken = 0;
            for (var one : both.invokeAll(java.util.Collections.nCopies(8, take))) {
                taken += one.get() ? 1 : 0;
            }
            assertThat(taken).isOne();
        }
    }

    @Test
    void codesAreNotGuessed() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        Cookie spare = asked(anna);
        for (int i = 0; i < 5; i++) {
            code(asked(anna), "00000").andExpect(status().isUnprocessableContent());
        }
        // Neither with another session, nor with the right one; the password has the same budget.
        code(spare, app.code(0)).andExpect(status().isTooManyRequests());
        password(anna).andExpect(status().isTooManyRequests());
    }

    @Test
    void whoIsSuspendedBetweenTheStepsIsToldSo() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        Cookie session = asked(anna);
        accounts.suspend(anna.accountId(), "spam", null);
        code(session, app.code(0)).andExpect(redirectedUrlPattern("/suspended/*"));
    }

    @Test
    void theKeyIsSetUpByItsOwnerAlone() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        AuthenticatorApps.Offer offer = apps.offer(anna.accountId(), anna.getUsername());
        String now = TestCodes.code(offer.key(), Instant.now());
        assertThat(apps.confirm(bert.accountId(), offer.sealed(), now)).isEmpty();
        assertThat(apps.confirm(anna.accountId(), "not a key", now)).isEmpty();
        assertThat(apps.confirm(anna.accountId(), offer.sealed(), now)).isPresent();
        // Another one does not take its place.
        AuthenticatorApps.Offer second = apps.offer(anna.accountId(), anna.getUsername());
        assertThat(apps.confirm(anna.accountId(), second.sealed(), TestCodes.code(second.key(), Instant.now())))
                .isEmpty();
    }

    /** Who found a session open is asked first, on the page's own address; what is sent shows no key. */
    @Test
    void nothingThatIsSentShowsAnotherKey() throws Exception {
        AccountPrincipal anna = people.user();
        AuthenticatorApps.Offer offer = apps.offer(anna.accountId(), anna.getUsername());
        for (String sealed : new String[] {"", "AAAA", "not a key"}) {
            site.perform(post("/settings/security/app")
                            .with(user(anna))
                            .with(csrf())
                            .param("sealed", sealed)
                            .param("code", "000000"))
                    .andExpect(redirectedUrl("/settings/security/app?late"));
        }
        assertThat(site.perform(post("/settings/security/app")
                                .with(user(anna))
                                .with(csrf())
                                .param("sealed", offer.sealed())
                                .param("code", "00000"))
                        .andExpect(status().isUnprocessableContent())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains(offer.key());
    }

    /** Whoever guessed the old one, and stands before the second step, is as far as they were before. */
    @Test
    void aNewPasswordEndsWhatBeganWithTheOldOne() throws Exception {
        AccountPrincipal anna = people.user();
        App app = setUp(anna);
        Cookie thief = asked(anna);
        assertThat(accounts.changePassword(anna.accountId(), PASSWORD, "four quiet herons"))
                .isTrue();
        site.perform(get("/login/code").cookie(thief)).andExpect(redirectedUrl("/login"));
        site.perform(post("/login/code").with(csrf()).cookie(thief).param("code", app.code(0)))
                .andExpect(redirectedUrl("/login"));
    }

    /** What a reset by mail leaves alone is looked at by whoever has it. */
    @Test
    void afterAResetWhatStayedIsShown() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(get("/settings/security/reset").with(user(anna))).andExpect(redirectedUrl("/settings/keys"));
        setUp(anna);
        site.perform(get("/settings/security/reset").with(user(anna)))
                .andExpect(redirectedUrl("/settings/security?reset"));
        site.perform(get("/settings/security?reset").with(user(anna)))
                .andExpect(content().string(containsString("href=\"/settings/keys\"")));
    }

    // ---- staff ------------------------------------------------------------------------------------------------

    @Test
    void staffGetNothingOfTheConsoleWithAPasswordAloneWhereMoreIsWanted() throws Exception {
        AccountPrincipal mona = people.account(Role.ADMIN);
        site.perform(get("/admin").with(user(mona))).andExpect(status().isOk());
        settings.change(Setting.STAFF_SECOND_FACTOR, "on", Actor.SITE);
        password(mona).andExpect(redirectedUrl("/settings/security?staff"));
        for (String page : new String[] {"/admin", "/admin/users", "/admin/settings"}) {
            site.perform(get(page).with(user(mona))).andExpect(redirectedUrl("/settings/security?staff"));
        }
        site.perform(post("/admin/announcements").with(user(mona)).with(csrf())).andExpect(status().isNotFound());
        // And nothing elsewhere: somebody's room, for one.
        AccountPrincipal anna = people.user();
        site.perform(get("/api/v1/channels/{name}/moderation/people/{name}", anna.getUsername(), anna.getUsername())
                        .with(user(mona)))
                .andExpect(status().isForbidden());
        App app = setUp(mona);
        Cookie session = Objects.requireNonNull(code(asked(mona), app.code(0))
                .andExpect(redirectedUrl("/settings"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        site.perform(get("/admin").cookie(session)).andExpect(status().isOk());
    }

    /** Else a password alone would be enough: for whoever has it sets up an authenticator of their own, and shows that. */
    @Test
    void staffWhoHaveAPasskeyShowItBeforeAnythingElseIsSetUp() throws Exception {
        AccountPrincipal mona = people.account(Role.ADMIN);
        settings.change(Setting.STAFF_SECOND_FACTOR, "on", Actor.SITE);
        Cookie first = admitted(mona, "staff");
        String key = challenge(first);
        SoftAuthenticator phone = new SoftAuthenticator();
        site.perform(post("/settings/security/passkeys")
                        .cookie(first)
                        .with(csrf())
                        .param("name", "Phone")
                        .param("credential", phone.make(key, "http://localhost", "localhost")))
                .andExpect(redirectedUrl("/settings/security?said=passkey-added#passkeys"));
        // Somebody who knows the password, within the ten minutes for which it counts.
        Cookie thief = admitted(mona, "show");
        String show = "/settings/security?show";
        site.perform(get("/settings/security/passkeys/options").cookie(thief))
                .andExpect(status().isForbidden())
                .andExpect(content().string(not(containsString("challenge"))));
        site.perform(get("/settings/security/app").cookie(thief)).andExpect(redirectedUrl(show));
        // Written otherwise it is the same address.
        site.perform(get(URI.create("/settings/security/%61pp")).cookie(thief)).andExpect(redirectedUrl(show));
        site.perform(get(URI.create("/settings/security/pass%6beys/options")).cookie(thief))
                .andExpect(content().string(not(containsString("challenge"))));
        for (String change : new String[] {"passkeys", "passkeys/1/remove", "app", "app/remove", "codes"}) {
            site.perform(post("/settings/security/" + change).cookie(thief).with(csrf()))
                    .andExpect(redirectedUrl(show));
        }
        site.perform(get("/admin").cookie(thief)).andExpect(redirectedUrl(show));
        site.perform(get(show).cookie(thief))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("log in with it")));
    }

    private Cookie admitted(AccountPrincipal mona, String told) throws Exception {
        return Objects.requireNonNull(password(mona)
                .andExpect(redirectedUrl("/settings/security?" + told))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
    }

    private String challenge(Cookie session) throws Exception {
        return JsonPath.read(
                site.perform(get("/settings/security/passkeys/options").cookie(session))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString(),
                "$.challenge");
    }

    @Test
    void whoLostTheirDevicesIsHelpedByAnAdminAndTold() throws Exception {
        AccountPrincipal anna = people.user();
        setUp(anna);
        AccountPrincipal owner = people.account(Role.OWNER);
        setUp(owner);
        AccountPrincipal mona = people.account(Role.ADMIN);
        takeOff(mona, anna, "").andExpect(redirectedUrlPattern("/admin/users/*?said=reason"));
        takeOff(mona, owner, "hers").andExpect(redirectedUrlPattern("/admin/users/*?said=senior"));
        takeOff(mona, mona, "mine").andExpect(redirectedUrlPattern("/admin/users/*?said=senior"));
        assertThat(apps.asked(owner.accountId())).isTrue();
        // Browsers that knew the account may be a thief's as well.
        database.sql("""
                insert into account_device (account_id, nonce_hash, first_seen, last_seen)
                values (?, uuid_send(gen_random_uuid()), now(), now())
                """).param(anna.accountId()).update();
        takeOff(mona, anna, "showed a passport").andExpect(redirectedUrlPattern("/admin/users/*?said=done"));
        assertThat(database.sql("select count(*) from account_device where account_id = ?")
                        .param(anna.accountId())
                        .query(Integer.class)
                        .single())
                .isZero();
        password(anna).andExpect(redirectedUrl("/settings"));
        assertThat(notices.of(anna.accountId(), Long.MAX_VALUE, 1))
                .singleElement()
                .satisfies(notice -> assertThat(notice.kind()).isEqualTo("PROOFS_REMOVED"));
        assertThat(audit.find(new Audit.Search(mona.getUsername(), "user.proofs", null, null, null), Long.MAX_VALUE, 5))
                .singleElement()
                .satisfies(entry -> assertThat(entry.reason()).isEqualTo("showed a passport"));
    }

    private ResultActions takeOff(AccountPrincipal staff, AccountPrincipal whose, String reason) throws Exception {
        return site.perform(post("/admin/users/{name}/proofs", whose.getUsername())
                .with(user(staff))
                .with(csrf())
                .param("reason", reason));
    }

    @Test
    void whoSwitchesItOnIsToldAndWhoSwitchesItOffShowsThatItIsThey() throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        site.perform(switched("on").with(user(owner))).andExpect(redirectedUrl("/admin/settings?said=done"));
        site.perform(get("/admin/settings?said=done").with(user(owner)))
                .andExpect(redirectedUrl("/settings/security?saved&staff"));
        site.perform(get("/settings/security?saved&staff").with(user(owner)))
                .andExpect(content().string(containsString(">Done.<")));
        Instant longAgo = Instant.now().minusSeconds(660);
        var session =
                SecurityMockMvcRequestPostProcessors.authentication(UsernamePasswordAuthenticationToken.authenticated(
                        owner,
                        null,
                        Stream.concat(
                                        owner.getAuthorities().stream(),
                                        Stream.of(
                                                Proofs.of(Proofs.PASSWORD, longAgo),
                                                Proofs.of(Proofs.PASSKEY, longAgo)))
                                .toList()));
        site.perform(switched("off").with(session))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("/confirm?continue=/admin/settings")));
        assertThat(settings.text(Setting.STAFF_SECOND_FACTOR)).isEqualTo("on");
    }

    private static MockMultipartHttpServletRequestBuilder switched(String value) {
        return multipart("/admin/settings")
                .file(new MockMultipartFile("logo", new byte[0]))
                .param(Setting.STAFF_SECOND_FACTOR.key(), value)
                .with(csrf());
    }
}
