// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
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
    void oneAnswerForEveryLoginThatFails() throws Exception {
        AccountPrincipal anna = people.user();
        for (String[] attempt : new String[][] {{anna.getUsername(), "wrong password"}, {"nobody-at-all", PASSWORD}}) {
            site.perform(post("/login")
                            .with(csrf())
                            .param("username", attempt[0])
                            .param("password", attempt[1]))
                    .andExpect(redirectedUrl("/login?error"));
        }
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername() + "@example.org")
                        .param("password", PASSWORD))
                .andExpect(redirectedUrl("/"));
        for (int i = 0; i < 12; i++) {
            site.perform(post("/login")
                            .with(csrf())
                            .param("username", anna.getUsername())
                            .param("password", "wrong"))
                    .andExpect(redirectedUrl("/login?error"));
        }
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername())
                        .param("password", PASSWORD))
                .andExpect(redirectedUrl("/login?error"));
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
                .andExpect(redirectedUrl("/login?error"));
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
