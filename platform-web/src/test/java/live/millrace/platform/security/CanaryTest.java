// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Secrets, right ones and wrong ones, are in no log, no page, no address, no number that is measured, and not as they are in the database. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
class CanaryTest {
    private static final String TYPED = "canary-typed-5f3a9c";

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private SignedCsrfTokens pageTokens;

    @Autowired
    private Invites invites;

    @Autowired
    private JdbcClient database;

    private final List<MockHttpServletResponse> answers = new ArrayList<>();

    private MockHttpServletResponse ask(MockHttpServletRequestBuilder request) throws Exception {
        MockHttpServletResponse answer = site.perform(request).andReturn().getResponse();
        answers.add(answer);
        return answer;
    }

    @Test
    void noSecretIsSeenAgain(CapturedOutput output) throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        Cookie session = TestPeople.logIn(site, owner);
        String id = new String(Base64.getDecoder().decode(session.getValue()), StandardCharsets.UTF_8);
        String token = tokens.create(owner.accountId(), "bot", Set.of(TokenScope.READ), null)
                .orElseThrow();
        String key = people.key(owner).secret();
        String pageToken =
                pageTokens.generateToken(new MockHttpServletRequest()).getToken();
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("what was typed", TYPED);
        secrets.put("the password", TestPeople.PASSWORD);
        secrets.put("the session", session.getValue());
        secrets.put("the session's id", id);
        secrets.put("the token", token);
        secrets.put("the key", key);
        secrets.put("the page's token", pageToken);
        Invites.Made made = invites.make(
                people.channel(owner).id(),
                new Invites.Wish("one", 2, Instant.now().plusSeconds(60), false, true));
        String invite = ((Invites.Made.Done) made).secret();
        secrets.put("the invite's secret", invite);

        // Sent where it belongs, and where it does not.
        ask(post("/login").with(csrf()).param("username", owner.getUsername()).param("password", TYPED));
        ask(post("/login")
                .param("username", owner.getUsername())
                .param("password", TYPED)
                .param("_csrf", TYPED));
        ask(post("/confirm").with(csrf()).cookie(session).param("confirm-password", TYPED));
        ask(post("/settings/password")
                .with(csrf())
                .cookie(session)
                .param("current", TYPED)
                .param("replacement", TYPED));
        ask(post("/settings/delete").with(csrf()).cookie(session).param("password", TYPED));
        ask(get("/api/v1/notices").header("Authorization", "Bearer mrt_" + TYPED));
        ask(get("/api/v1/notices").header("Authorization", "Bearer " + token));
        ask(get("/api/v1/channel").header("Authorization", "Bearer " + token));
        ask(put("/api/v1/channels/" + owner.getUsername() + "/follow")
                .cookie(session)
                .header("X-CSRF-TOKEN", TYPED)
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"" + TYPED));
        ask(get("/").cookie(new Cookie("SESSION", TYPED), new Cookie("csrf", TYPED + "." + TYPED)));
        ask(post("/settings/account")
                .cookie(session, new Cookie("csrf", pageToken))
                .param("_csrf", pageToken));
        ask(get("/reset/" + id));
        ask(get("/i/" + TYPED));
        ask(get("/i/" + invite));
        ask(post("/i/" + invite).with(csrf()).param("way", "login"));
        Cookie guest =
                Objects.requireNonNull(ask(post("/i/" + invite).with(csrf())).getCookie("guest"));
        secrets.put("the guest's cookie", guest.getValue());
        ask(get("/" + owner.getUsername()).cookie(guest));
        ask(get("/i/" + invite).cookie(guest));

        for (String page : List.of(
                "/",
                "/settings/security",
                "/settings/tokens",
                "/settings/keys",
                "/studio/connect",
                "/studio/guests",
                "/api/v1/channel/invites",
                "/api/v1/channel/guests",
                "/admin",
                "/admin/audit",
                "/admin/health",
                "/admin/users/" + owner.getUsername(),
                "/actuator/prometheus")) {
            ask(get(page).with(user(owner)));
        }
        for (MockHttpServletResponse answer : answers) {
            String body = answer.getContentAsString();
            secrets.forEach((what, secret) -> {
                // The pages of a reset and of an invitation hold their own link's token, which whoever opened it has.
                if (!what.equals("the session's id") && !what.equals("the invite's secret")) {
                    assertThat(body).as(what).doesNotContain(secret);
                }
                assertThat(String.valueOf(answer.getRedirectedUrl())).as(what).doesNotContain(secret);
            });
        }
        secrets.forEach((what, secret) -> assertThat(output.getAll()).as(what).doesNotContain(secret));
        secrets.remove("the page's token");
        for (String table : List.of(
                "account",
                "account_access_token",
                "audience_guest",
                "audience_invite",
                "channel_stream_key",
                "spring_session",
                "audit_entry",
                "signin_openid_provider")) {
            List<String> rows = database.sql("select t::text from " + table + " t")
                    .query(String.class)
                    .list();
            secrets.forEach((what, secret) -> assertThat(rows).as(what).noneMatch(row -> row.contains(secret)));
        }
    }
}
