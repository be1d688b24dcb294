// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.TestPeople.PASSWORD;
import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.SiteTexts;
import live.millrace.platform.TestPeople;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.security.LoginFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Who may join, under which name, and what a refused form says. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SignUpTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private JdbcClient database;

    @Autowired
    private Joining joining;

    private MockHttpServletRequestBuilder signUp(String name) {
        return post("/signup")
                .param("username", name)
                .param("email", name + "@example.org")
                .param("password", PASSWORD)
                .with(csrf());
    }

    @Test
    void signingUpSignsInAndMakesAChannel() throws Exception {
        String name = name();
        MvcResult result = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", name.toUpperCase(Locale.ROOT))
                        .param("email", name + "@example.org")
                        .param("password", PASSWORD))
                .andExpect(redirectedUrl("/studio"))
                .andReturn();
        assertThat(result.getResponse().getCookie("SESSION")).isNotNull().matches(cookie -> cookie.isHttpOnly());
        assertThat(result.getResponse().getHeader("Set-Cookie")).contains("SameSite=Lax");
        site.perform(get("/" + name)).andExpect(status().isOk());
        assertThat(database.sql("select password_hash from account where username = ?")
                        .param(name)
                        .query(String.class)
                        .single())
                .startsWith("{argon2id}$argon2id$v=19$");
    }

    @ParameterizedTest
    @CsvSource({
        "ab,            a@example.org, long enough words, username, account.username.malformed",
        "has space,     a@example.org, long enough words, username, account.username.malformed",
        "-dash,         a@example.org, long enough words, username, account.username.malformed",
        "admin,         a@example.org, long enough words, username, account.username.reserved",
        "l0gin,         a@example.org, long enough words, username, account.username.reserved",
        "rtc,           a@example.org, long enough words, username, account.username.reserved",
        "goodname,      nothing,       long enough words, email,    account.email.malformed",
        "goodname,      a@example.org, short,             password, account.password.length",
        "goodname,      a@example.org, my goodname here,  password, account.password.holds-name",
        "goodname,      a@example.org, P@ssw0rd2024!,     password, account.password.common",
        "goodname,      a@example.org, abcabcabcabc,      password, account.password.monotonous",
    })
    void aRefusedFieldSaysWhyBesideIt(String username, String email, String password, String field, String key)
            throws Exception {
        String page = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", username)
                        .param("email", email)
                        .param("password", password))
                .andExpect(status().isUnprocessableContent())
                .andReturn()
                .getResponse()
                .getContentAsString();
        Matcher error = Pattern.compile("(?s)id=\"" + field + "-error\">.*?<span>([^<]+)</span>")
                .matcher(page);
        assertThat(error.find()).isTrue();
        assertThat(error.group(1)).isEqualTo(SiteTexts.all(SiteTexts.english()).getProperty(key));
        assertThat(page).as("a password is not sent back").doesNotContain(password + "\"");
    }

    @Test
    void whatIsDoneTogetherWithARegistrationIsDoneWithItOrNotAtAll() {
        String name = name();
        assertThatThrownBy(() -> accounts.register(name, name + "@example.org", PASSWORD, Role.USER, _ -> {
                    throw new IllegalStateException("no mail can be put down");
                }))
                .hasMessage("no mail can be put down");
        assertThat(accounts.findByUsername(name)).isEmpty();
        List<Long> told = new ArrayList<>();
        assertThat(accounts.register(name, name + "@example.org", PASSWORD, Role.USER, told::add))
                .isInstanceOf(Registration.Done.class);
        assertThat(told)
                .containsExactly(accounts.findByUsername(name).orElseThrow().id());
    }

    @Test
    void namesThatLookAlikeAreRefused() {
        String name = "w" + name().substring(0, 10) + "lil";
        assertThat(accounts.register(name, name + "@example.org", PASSWORD, Role.USER))
                .isInstanceOf(Registration.Done.class);
        String twin = name.replace("lil", "1i1");
        assertThat(accounts.register(twin, twin + "@example.org", PASSWORD, Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.confusable"));
        assertThat(UsernameRules.skeleton("rnodern")).isEqualTo(UsernameRules.skeleton("modem"));
    }

    @Test
    void aNameWithSomethingHungOnIsNoOtherName() {
        String name = name();
        assertThat(accounts.register(name, name + "@example.org", PASSWORD, Role.USER))
                .isInstanceOf(Registration.Done.class);
        for (String alike : List.of(name + "_", "0" + name, name + "--")) {
            assertThat(accounts.register(alike, "x" + name + "@example.org", PASSWORD, Role.USER))
                    .as(alike)
                    .isEqualTo(new Registration.Refused("username", "account.username.confusable"));
        }
        // Also the other way round: who came first was the one with the line.
        String lined = name();
        assertThat(accounts.register(lined + "_", lined + "@example.org", PASSWORD, Role.USER))
                .isInstanceOf(Registration.Done.class);
        assertThat(accounts.register(lined, "y" + lined + "@example.org", PASSWORD, Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.confusable"));
        for (String voice : List.of("OfficialAnna", "anna-staff", "annasupport", "millracetv")) {
            assertThat(accounts.register(voice, "z" + name + "@example.org", PASSWORD, Role.USER))
                    .as(voice)
                    .isInstanceOf(Registration.Refused.class);
        }
    }

    @Test
    void approvalLetsInWhomAnAdminAccepts() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String name = name();
        joining.change(SignUpMode.APPROVAL);
        try {
            site.perform(signUp(name)).andExpect(status().isUnprocessableContent());
            site.perform(signUp(name).param("reason", "I play the piano")).andExpect(redirectedUrl("/signup/waiting"));
            site.perform(post("/login")
                            .param("username", name)
                            .param("password", PASSWORD)
                            .with(csrf()))
                    .andExpect(request()
                            .attribute(
                                    LoginFailure.ATTRIBUTE,
                                    new LoginFailure("security.login.waiting", name, "", Duration.ZERO)));
            Joining.Applicant applicant = joining.waiting().stream()
                    .filter(waiting -> waiting.username().equals(name))
                    .findFirst()
                    .orElseThrow();
            site.perform(post("/admin/joining/accept")
                            .param("accountId", Long.toString(applicant.accountId()))
                            .with(user(people.user()))
                            .with(csrf()))
                    .andExpect(status().isNotFound());
            site.perform(post("/admin/joining/accept")
                    .param("accountId", Long.toString(applicant.accountId()))
                    .with(user(admin))
                    .with(csrf()));
            site.perform(post("/login")
                            .param("username", name)
                            .param("password", PASSWORD)
                            .with(csrf()))
                    .andExpect(redirectedUrl("/"));
            String other = name();
            site.perform(signUp(other).param("reason", "spam", null)).andExpect(redirectedUrl("/signup/waiting"));
            long id = accounts.findByUsername(other).orElseThrow().id();
            site.perform(post("/admin/joining/reject")
                    .param("accountId", Long.toString(id))
                    .with(user(admin))
                    .with(csrf()));
            assertThat(accounts.find(id)).isEmpty();
        } finally {
            joining.change(SignUpMode.OPEN);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INVITE", "CLOSED"})
    void otherwiseAnInvitationIsNeeded(SignUpMode mode) throws Exception {
        String secret = joining.invite("class", 1, Duration.ofDays(1));
        joining.change(mode);
        try {
            site.perform(signUp(name())).andExpect(status().isUnprocessableContent());
            site.perform(get("/signup").param("invite", secret))
                    .andExpect(content().string(containsString("id=\"username\"")));
            site.perform(get("/signup")).andExpect(content().string(not(containsString("id=\"username\""))));
            site.perform(signUp(name()).param("invite", secret)).andExpect(redirectedUrl("/studio"));
            // It was for one.
            site.perform(signUp(name()).param("invite", secret)).andExpect(status().isUnprocessableContent());
        } finally {
            joining.change(SignUpMode.OPEN);
        }
    }
}
