// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.TestPeople.logIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Where somebody is logged in, what the database knows of it, and how it ends. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class OpenSessionsTest {
    private static final String FIREFOX =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private JdbcClient database;

    private String handle(Cookie session) {
        return SessionStore.stored(new String(Base64.getDecoder().decode(session.getValue()), StandardCharsets.UTF_8));
    }

    private void in(Cookie session) throws Exception {
        site.perform(get("/settings").cookie(session)).andExpect(status().isOk());
    }

    private void out(Cookie session) throws Exception {
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue=*"));
    }

    @Test
    void whoeverReadsTheTableGetsIntoNoSession() throws Exception {
        Cookie session = logIn(site, people.user());
        String id = new String(Base64.getDecoder().decode(session.getValue()), StandardCharsets.UTF_8);
        assertThat(database.sql("select count(*) from spring_session s where s::text like ?")
                        .param("%" + id + "%")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(database.sql("select count(*) from spring_session where session_id = ?")
                        .param(handle(session))
                        .query(Long.class)
                        .single())
                .isOne();
        in(session);
        out(new Cookie(
                "SESSION", Base64.getEncoder().encodeToString(handle(session).getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aSessionEndsAMonthAfterItBegan() throws Exception {
        Cookie session = logIn(site, people.user());
        String older = "update spring_session set creation_time = creation_time - ? where session_id = ?";
        database.sql(older)
                .param(Duration.ofDays(29).toMillis())
                .param(handle(session))
                .update();
        in(session);
        database.sql(older)
                .param(Duration.ofDays(1).toMillis())
                .param(handle(session))
                .update();
        out(session);
    }

    @Test
    void peopleSeeTheirSessionsAndEndThem() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie own = logIn(site, anna);
        Cookie other = Objects.requireNonNull(site.perform(post("/login")
                        .with(csrf())
                        .with(request -> {
                            request.setRemoteAddr("203.0.113.7");
                            return request;
                        })
                        .header("User-Agent", FIREFOX)
                        .param("username", anna.getUsername())
                        .param("password", TestPeople.PASSWORD))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        site.perform(get("/settings/security").cookie(own))
                .andExpect(content()
                        .string(allOf(
                                containsString("Firefox on Windows"),
                                containsString("203.0.113.x"),
                                not(containsString("203.0.113.7")))));
        Cookie stranger = logIn(site, people.user());
        site.perform(post("/settings/security/sessions/" + handle(other) + "/end")
                        .with(csrf())
                        .cookie(stranger))
                .andExpect(status().isNotFound());
        in(other);
        site.perform(post("/settings/security/sessions/" + handle(other) + "/end")
                        .with(csrf())
                        .cookie(own))
                .andExpect(redirectedUrl("/settings/security?ended#sessions"));
        out(other);
        in(own);
        in(stranger);
    }

    @Test
    void signingOutEverywhereLeavesThisOneAndTakesTokensWhenAsked() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie own = logIn(site, anna);
        Cookie other = logIn(site, anna);
        String token = tokens.create(anna.accountId(), "bot", Set.of(TokenScope.READ), null)
                .orElseThrow();
        site.perform(post("/settings/security/sessions/end").with(csrf()).cookie(own));
        out(other);
        in(own);
        assertThat(tokens.identify(token)).isPresent();
        site.perform(
                post("/settings/security/sessions/end").with(csrf()).cookie(own).param("tokens", "true"));
        assertThat(tokens.identify(token)).isEmpty();
    }

    @Test
    void aNetworkIsNoAddress() {
        assertThat(SessionDevice.network("203.0.113.7")).isEqualTo("203.0.113.x");
        assertThat(SessionDevice.network("2001:db8:7:1::9")).isEqualTo("2001:db8:7::");
        assertThat(SessionDevice.network("192.168.1.4")).isEqualTo(SessionDevice.LOCAL);
        assertThat(SessionDevice.browser(FIREFOX)).isEqualTo("Firefox");
        assertThat(SessionDevice.system(FIREFOX)).isEqualTo("Windows");
        assertThat(SessionDevice.browser("curl/8")).isEmpty();
    }
}
