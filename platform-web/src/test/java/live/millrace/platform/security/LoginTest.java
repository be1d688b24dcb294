// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.forwardedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Logging in, and what a failed attempt does not tell. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LoginTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private MockMvc site;

    @Test
    void oneAnswerForAWrongNameAndAWrongPassword() throws Exception {
        AccountPrincipal anna = people.user();
        for (String[] attempt : new String[][] {{anna.getUsername(), "wrong password"}, {"nobody-at-all", PASSWORD}}) {
            logIn(attempt[0], attempt[1])
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(forwardedUrl(LoginFailure.PAGE))
                    .andExpect(request()
                            .attribute(
                                    LoginFailure.ATTRIBUTE,
                                    new LoginFailure("security.login.failed", attempt[0], "", Duration.ZERO)));
        }
        logIn(anna.getUsername() + "@example.org", PASSWORD).andExpect(redirectedUrl("/"));
    }

    @Test
    void tooManyTriesAreToldForNamesOfNobodyAsWell() throws Exception {
        for (String name : new String[] {people.user().getUsername(), "somebody-else-altogether"}) {
            for (int i = 0; i < 5; i++) {
                logIn(name, "wrong").andExpect(status().isUnprocessableContent());
            }
            LoginFailure failure = (LoginFailure) Objects.requireNonNull(logIn(name, PASSWORD)
                    .andExpect(status().isTooManyRequests())
                    .andExpect(header().exists("Retry-After"))
                    .andReturn()
                    .getRequest()
                    .getAttribute(LoginFailure.ATTRIBUTE));
            assertThat(failure.messageKey()).isEqualTo("security.login.too-many");
            assertThat(failure.pause()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(2));
        }
    }

    @Test
    void thePageKeepsTheNameAndNeverThePassword() throws Exception {
        String page = site.perform(post(LoginFailure.PAGE)
                        .with(csrf())
                        .requestAttr(
                                LoginFailure.ATTRIBUTE,
                                new LoginFailure("security.login.failed", "an\"na", "/lena", Duration.ZERO)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page)
                .contains("value=\"an&quot;na\"", "name=\"continue\" value=\"/lena\"", "login-error")
                .doesNotContain("name=\"password\" value");
        site.perform(post(LoginFailure.PAGE).with(csrf())).andExpect(redirectedUrl("/login"));
    }

    @Test
    void whatSomebodyWantedIsSaidAndGoneOnWith() throws Exception {
        String page = site.perform(get("/login?for=follow&channel=lena"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).contains("@lena", "href=\"/signup?for=follow&amp;channel=lena\"", "value=\"/lena\"");
        for (String strange :
                new String[] {"for=follow&channel=../x", "for=nothing", "for=live&continue=//evil.example"}) {
            assertThat(site.perform(get("/login?" + strange))
                            .andExpect(status().isOk())
                            .andReturn()
                            .getResponse()
                            .getContentAsString())
                    .doesNotContain("evil", "../x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/reports/new?kind=CHANNEL&channel=lena, %2Freports%2Fnew%3Fkind%3DCHANNEL%26channel%3Dlena",
        "/settings, %2Fsettings",
        "/settings?to=http://evil.example, %2Fsettings"
    })
    void whoMustLogInFirstComesBackToWhatWasAskedFor(String asked, String back) throws Exception {
        site.perform(get(URI.create(asked))).andExpect(redirectedUrl("/login?continue=" + back));
    }

    private ResultActions logIn(String name, String password) throws Exception {
        return site.perform(post("/login").with(csrf()).param("username", name).param("password", password));
    }

    @ParameterizedTest
    @CsvSource({"//evil.example, /", "https://evil.example, /", "/\\evil.example, /", "/studio/connect, /studio/connect"
    })
    void aLoginLeadsNowhereElse(String next, String expected) throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername())
                        .param("password", PASSWORD)
                        .param("continue", next))
                .andExpect(redirectedUrl(expected));
    }

    @Test
    void aSuspendedAccountIsToldSoOnlyByItsPassword() throws Exception {
        AccountPrincipal anna = people.user();
        accounts.suspend(anna.accountId(), "spam", null);
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername())
                        .param("password", PASSWORD))
                .andExpect(redirectedUrlPattern("/suspended/*"));
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername())
                        .param("password", "wrong"))
                .andExpect(forwardedUrl(LoginFailure.PAGE));
    }

    @Test
    void aSessionEndsWithTheRightToIt() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        Cookie session = TestPeople.logIn(site, moderator);
        site.perform(get("/admin").cookie(session)).andExpect(status().isOk());
        accounts.changeRole(moderator.accountId(), Role.USER);
        site.perform(get("/admin").cookie(session)).andExpect(status().isNotFound());
        Cookie again = TestPeople.logIn(site, moderator);
        site.perform(get("/studio").cookie(again)).andExpect(status().isOk());
        accounts.suspend(moderator.accountId(), "spam", null);
        site.perform(get("/studio").cookie(again)).andExpect(redirectedUrlPattern("/login?*"));
        accounts.restore(moderator.accountId());
        Cookie third = TestPeople.logIn(site, moderator);
        site.perform(post("/logout").with(csrf()).cookie(third));
        site.perform(get("/studio").cookie(third)).andExpect(redirectedUrlPattern("/login?*"));
        Cookie fourth = TestPeople.logIn(site, moderator);
        accounts.changePassword(moderator.accountId(), PASSWORD, "four loud herons");
        site.perform(get("/studio").cookie(fourth)).andExpect(redirectedUrlPattern("/login?*"));
    }
}
