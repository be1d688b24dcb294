// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.forwardedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** A session that somebody else found open makes no secrets and hands out no power. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ConfirmationTest {
    private static final Duration LONG_AGO = Duration.ofMinutes(11);

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private StreamKeys keys;

    private static RequestPostProcessor signedUp(AccountPrincipal principal, Duration ago) {
        List<GrantedAuthority> authorities = new ArrayList<>(principal.getAuthorities());
        authorities.add(FactorGrantedAuthority.withAuthority(Confirmations.SIGN_UP)
                .issuedAt(Instant.now().minus(ago))
                .build());
        return authentication(UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/studio/keys", "/settings/tokens", "/admin/users/%s/role", "/admin/users/%s/proofs"})
    void whoCameLongAgoIsAskedFirst(String path) throws Exception {
        AccountPrincipal anna = people.account(Role.OWNER);
        String asked = path.formatted(people.user().getUsername());
        site.perform(post(asked)
                        .with(user(anna, LONG_AGO))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .param("name", "home"))
                .andExpect(status().isForbidden())
                .andExpect(forwardedUrl("/confirm/ask"));
        site.perform(post(asked).with(user(anna)).with(csrf()).param("name", "home"))
                .andExpect(forwardedUrl(null))
                .andExpect(
                        result -> assertThat(result.getResponse().getStatus()).isNotEqualTo(403));
    }

    @Test
    void whoHasNoRightIsNotAsked() throws Exception {
        site.perform(post("/admin/users/anybody/role")
                        .with(user(people.user(), LONG_AGO))
                        .with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(get("/confirm")).andExpect(redirectedUrlPattern("/login?continue=*"));
    }

    @Test
    void whatWasTypedIsKeptAndSentOn() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie session = TestPeople.logIn(site, anna);
        KeptForm kept = new KeptForm("/studio/keys", true, List.of(new KeptForm.Field("name", "home <PC>")));
        site.perform(post("/confirm/ask").with(csrf()).cookie(session).requestAttr(KeptForm.ATTRIBUTE, kept))
                .andExpect(content()
                        .string(allOf(containsString("home &lt;PC&gt;"), containsString("value=\"/studio/keys\""))));
        site.perform(post("/confirm")
                        .with(csrf())
                        .cookie(session)
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .param("confirm-password", "not my password")
                        .param("confirm-path", "/studio/keys")
                        .param("confirm-again", "true")
                        .param("name", "home <PC>"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content()
                        .string(allOf(containsString("home &lt;PC&gt;"), not(containsString("not my password")))));
        Cookie fresh = site.perform(post("/confirm")
                        .with(csrf())
                        .cookie(session)
                        .param("confirm-password", TestPeople.PASSWORD)
                        .param("confirm-path", "/studio/keys")
                        .param("confirm-again", "true"))
                .andExpect(status().isTemporaryRedirect())
                .andExpect(header().string("Location", "/studio/keys"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");
        // Whoever knew the id from before is out.
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue=*"));
        site.perform(get("/settings").cookie(Objects.requireNonNull(fresh))).andExpect(status().isOk());
        site.perform(post("/confirm")
                        .with(csrf())
                        .cookie(fresh)
                        .param("confirm-password", TestPeople.PASSWORD)
                        .param("confirm-path", "https://elsewhere.example"))
                .andExpect(redirectedUrl("/"));
    }

    @Test
    void aFormKeepsNoSecretAndNoMoreThanItMay() throws Exception {
        var request = new org.springframework.mock.web.MockHttpServletRequest("POST", "/studio/keys");
        request.setContentType(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
        request.setParameter("name", "home");
        request.setParameter("confirm-password", "three quiet herons");
        request.setParameter("current", "three quiet herons");
        request.setParameter("_csrf", "x");
        assertThat(KeptForm.of(request).fields()).containsExactly(new KeptForm.Field("name", "home"));
        request.setParameter("text", "x".repeat(70_000));
        assertThat(KeptForm.of(request)).isEqualTo(new KeptForm("/", false, List.of()));
    }

    @Test
    void aProgramOfOursIsToldAndATokenIsRefused() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(post("/api/v1/channel/keys")
                        .with(user(anna, LONG_AGO))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"name\":\"x\"}"))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.code").value("confirm"));
        site.perform(post("/api/v1/channel/keys")
                        .with(user(anna))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"name\":\"x\"}"))
                .andExpect(status().isCreated());
        assertThat(keys.ofChannel(people.channel(anna).id())).hasSize(1);
    }

    @Test
    void aNewcomersFirstHourIsNotInterrupted() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(post("/studio/keys")
                        .with(signedUp(anna, Duration.ofMinutes(50)))
                        .with(csrf())
                        .param("name", "home"))
                .andExpect(redirectedUrl("/studio/connect?made"));
        site.perform(post("/studio/keys")
                        .with(signedUp(anna, Duration.ofMinutes(61)))
                        .with(csrf())
                        .param("name", "home"))
                .andExpect(status().isForbidden());
    }
}
