// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import jakarta.servlet.http.Cookie;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.internal.TestCodes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Secrets that a form makes are shown by the page after it, once, to whoever made them. Keys, tokens and links have tests of their own. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ShownOnceTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AuthenticatorApps apps;

    @Autowired
    private Joining joining;

    @Autowired
    private ShownOnce once;

    private ResultActions sent(AccountPrincipal who, String form, String... fields) throws Exception {
        var request = post(form).with(user(who)).with(csrf());
        for (int i = 0; i < fields.length; i += 2) {
            request.param(fields[i], fields[i + 1]);
        }
        return site.perform(request);
    }

    @Test
    void recoveryCodes() throws Exception {
        AccountPrincipal anna = people.user();
        AuthenticatorApps.Offer offer = apps.offer(anna.accountId(), anna.getUsername());
        String first = FollowedForm.page(
                site,
                sent(
                        anna,
                        "/settings/security/app",
                        "sealed",
                        offer.sealed(),
                        "code",
                        TestCodes.code(offer.key(), Instant.now())),
                anna);
        assertThat(first).contains("The authenticator app is on.", "recovery-codes");
        String second = FollowedForm.page(site, sent(anna, "/settings/security/codes"), anna);
        assertThat(second).contains("recovery-codes").doesNotContain("The authenticator app is on.");
    }

    @Test
    void invitations() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String label = "class of " + admin.getUsername();
        assertThat(FollowedForm.page(site, sent(admin, "/admin/invites", "label", label), admin))
                .contains("/signup?invite=");
        assertThat(joining.invites())
                .filteredOn(invite -> invite.label().equals(label))
                .hasSize(1);
    }

    /** Requests that come together have a copy of the session each, as the database had it; and the head alone shows nothing. */
    @Test
    void ofManyAtATimeOneIsShownIt() {
        MockHttpServletRequest made = new MockHttpServletRequest("POST", "/somewhere");
        once.keep(made, "thing", List.of("secret"));
        Object sealed = Objects.requireNonNull(made.getSession()).getAttribute("shown-once.thing");
        assertThat(taken("HEAD", sealed)).isEmpty();
        assertThat(taken("GET", sealed)).contains(List.of("secret"));
        assertThat(taken("GET", sealed)).isEmpty();
    }

    /** Of two that are made before one page is opened, the page shows the last and says that there was another. */
    @Test
    void whatWasOvertakenIsSaid() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/somewhere");
        once.keep(request, "thing", List.of("first"));
        once.keep(request, "thing", List.of("second"));
        assertThat(once.take(request, new MockHttpServletResponse(), "thing")).contains(List.of("second"));
        assertThat(request.getAttribute("overtaken")).isEqualTo(true);
        request.removeAttribute("overtaken");
        once.keep(request, "thing", List.of("third"));
        assertThat(once.take(request, new MockHttpServletResponse(), "thing")).contains(List.of("third"));
        assertThat(request.getAttribute("overtaken"))
                .describedAs("the second was shown")
                .isNull();
    }

    @Test
    void twoInvitationsAtATime() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String label = "two of " + admin.getUsername();
        Cookie session = Objects.requireNonNull(sent(admin, "/admin/invites", "label", label)
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        site.perform(post("/admin/invites")
                .param("label", label)
                .cookie(session)
                .with(user(admin))
                .with(csrf()));
        String page = site.perform(get("/admin/joining")
                        .param("made", "")
                        .cookie(session)
                        .with(user(admin))
                        .locale(Locale.ENGLISH))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).contains("/signup?invite=", "You made another one just before.");
    }

    private Optional<List<String>> taken(String method, Object sealed) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/somewhere");
        Objects.requireNonNull(request.getSession(true)).setAttribute("shown-once.thing", sealed);
        return once.take(request, new MockHttpServletResponse(), "thing");
    }

    @Test
    void nobodyElseReadsWhatWaitsInASession() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        Cookie session = sent(anna, "/settings/tokens", "name", "bot")
                .andExpect(redirectedUrl("/settings/tokens?made"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");
        assertThat(site.perform(get("/settings/tokens")
                                .param("made", "")
                                .with(user(bob))
                                .cookie(session))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("It was shown once")
                .doesNotContain("id=\"token\"");
    }
}
