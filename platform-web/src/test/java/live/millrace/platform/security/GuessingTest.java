// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.Notices;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Passwords are guessed at: who waits, and who does not. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class GuessingTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private KnownDevices devices;

    @Autowired
    private SignInBudget budget;

    @Autowired
    private PasswordEncoder passwords;

    @Autowired
    private Notices notices;

    /** An address in a network that nobody else of these tests comes from. */
    private static String stranger() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "11." + random.nextInt(256) + "." + random.nextInt(256) + ".7";
    }

    private static MockHttpServletRequestBuilder form(String name, String password, String from, Cookie... cookies) {
        MockHttpServletRequestBuilder form = post("/login")
                .with(csrf())
                .with(sent -> {
                    sent.setRemoteAddr(from);
                    return sent;
                })
                .param("username", name)
                .param("password", password);
        return cookies.length == 0 ? form : form.cookie(cookies);
    }

    private ResultActions logIn(String name, String password, String from, Cookie... cookies) throws Exception {
        return site.perform(form(name, password, from, cookies));
    }

    private Cookie device(String name, String from) throws Exception {
        return Objects.requireNonNull(logIn(name, PASSWORD, from)
                .andExpect(redirectedUrl("/"))
                .andReturn()
                .getResponse()
                .getCookie("device"));
    }

    private void guessed(AccountPrincipal at) throws Exception {
        for (int network = 0; network < 4; network++) {
            String from = stranger();
            for (int i = 0; i < 5; i++) {
                logIn(at.getUsername(), "wrong", from).andExpect(status().isUnprocessableContent());
            }
            logIn(at.getUsername(), "wrong", from).andExpect(status().isTooManyRequests());
        }
        logIn(at.getUsername(), PASSWORD, stranger())
                .andExpect(status().isTooManyRequests())
                .andExpect(header().exists("Retry-After"));
    }

    @Test
    void whileStrangersGuessTheOwnerGetsIn() throws Exception {
        AccountPrincipal anna = people.user();
        String home = stranger();
        Cookie device = device(anna.getUsername(), home);
        guessed(anna);
        // With the browser, wherever it is; and from where they came before, with any.
        Cookie renewed = Objects.requireNonNull(logIn(anna.getUsername(), PASSWORD, stranger(), device)
                .andExpect(redirectedUrl("/"))
                .andReturn()
                .getResponse()
                .getCookie("device"));
        assertThat(renewed.getValue()).isNotEqualTo(device.getValue());
        logIn(anna.getUsername() + "@example.org", PASSWORD, stranger(), renewed)
                .andExpect(redirectedUrl("/"));
        logIn(anna.getUsername(), PASSWORD, home).andExpect(redirectedUrl("/"));
        // What it held before is nothing any more, and neither is what somebody made up.
        logIn(anna.getUsername(), PASSWORD, stranger(), device).andExpect(status().isTooManyRequests());
        logIn(anna.getUsername(), PASSWORD, stranger(), new Cookie("device", renewed.getValue() + "x"))
                .andExpect(status().isTooManyRequests());
        budget.clear(anna.accountId());
        logIn(anna.getUsername(), PASSWORD, stranger()).andExpect(redirectedUrl("/"));
    }

    @Test
    void aBrowserOfSomebodyElseIsAStranger() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie other = device(people.user().getUsername(), stranger());
        guessed(anna);
        logIn(anna.getUsername(), PASSWORD, stranger(), other).andExpect(status().isTooManyRequests());
    }

    @Test
    void nameAndAddressAreOneBudgetAndNobodyHearsThatTheyAre() throws Exception {
        AccountPrincipal anna = people.user();
        String mail = anna.getUsername() + "@example.org";
        String from = stranger();
        for (int i = 0; i < 5; i++) {
            logIn(anna.getUsername(), "wrong", from).andExpect(status().isUnprocessableContent());
        }
        // Nothing is checked, and what is said is what is said of an address of nobody.
        for (String address : new String[] {mail, "nobody-" + mail}) {
            logIn(address, PASSWORD, from)
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(request()
                            .attribute(
                                    LoginFailure.ATTRIBUTE,
                                    new LoginFailure("security.login.failed", address, "", Duration.ZERO)));
        }
    }

    /** Whoever was locked out, and reads the mail of their address, gets in by it. */
    @Test
    void aNewPasswordByMailClearsWhatWasTypedAsTheAddress() throws Exception {
        AccountPrincipal anna = people.user();
        String email = accounts.preferences(anna.accountId()).orElseThrow().email();
        for (int network = 0; network < 4; network++) {
            String from = stranger();
            for (int i = 0; i < 5; i++) {
                logIn(email, "wrong", from).andExpect(status().isUnprocessableContent());
            }
        }
        logIn(email, PASSWORD, stranger()).andExpect(status().isTooManyRequests());
        budget.clear(anna.accountId());
        logIn(email, PASSWORD, stranger()).andExpect(redirectedUrl("/"));
    }

    @Test
    void anAddressWithoutTriesTakesNoneFromAnybody() throws Exception {
        AccountPrincipal anna = people.user();
        String from = stranger();
        for (int i = 0; i < 60; i++) {
            logIn("nobody-" + i + "-" + from.replace('.', '-'), "wrong", from)
                    .andExpect(status().isUnprocessableContent());
        }
        for (int i = 0; i < 30; i++) {
            logIn(anna.getUsername(), "wrong", from).andExpect(status().isTooManyRequests());
        }
        // All five are there, for a neighbour in the same network too.
        String neighbour = from.substring(0, from.length() - 1) + "9";
        for (int i = 0; i < 5; i++) {
            logIn(anna.getUsername(), "wrong", neighbour).andExpect(status().isUnprocessableContent());
        }
        logIn(anna.getUsername(), PASSWORD, neighbour).andExpect(status().isTooManyRequests());
    }

    @Test
    void networksOfIpv6AreWide() throws Exception {
        AccountPrincipal anna = people.user();
        String block = "2a0b:%x:%x:"
                .formatted(
                        ThreadLocalRandom.current().nextInt(1, 0x10000),
                        ThreadLocalRandom.current().nextInt(1, 0x10000));
        for (int i = 0; i < 10; i++) {
            logIn(anna.getUsername(), "wrong", block + Integer.toHexString(i + 1) + "::1")
                    .andExpect(status().isUnprocessableContent());
        }
        logIn(anna.getUsername(), PASSWORD, block + "ff::1").andExpect(status().isTooManyRequests());
    }

    @Test
    void theCookieIsForThisHostAloneWhereItCanBe() throws Exception {
        AccountPrincipal anna = people.user();
        String plain = site.perform(form(anna.getUsername(), PASSWORD, stranger()))
                .andReturn()
                .getResponse()
                .getHeaders("Set-Cookie")
                .toString();
        assertThat(plain).contains("device=").doesNotContain("__Host-device");
        MockHttpServletResponse secure = site.perform(
                        form(anna.getUsername(), PASSWORD, stranger()).secure(true))
                .andReturn()
                .getResponse();
        assertThat(secure.getHeaders("Set-Cookie").stream().filter(cookie -> cookie.startsWith("__Host-device=")))
                .singleElement()
                .asString()
                .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Domain");
        String value = Objects.requireNonNull(secure.getCookie("__Host-device")).getValue();
        assertThat(database.sql("select count(*) from account_device where encode(nonce_hash, 'escape') like ?")
                        .param("%" + value.substring(0, 10) + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aNewBrowserIsToldAndOldOnesAreForgotten() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie first = device(anna.getUsername(), stranger());
        assertThat(notices.of(anna.accountId(), Long.MAX_VALUE, 10)).isEmpty();
        logIn(anna.getUsername(), PASSWORD, stranger(), first);
        assertThat(notices.of(anna.accountId(), Long.MAX_VALUE, 10)).isEmpty();
        site.perform(form(anna.getUsername(), PASSWORD, "203.0.113.77")
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
        assertThat(notices.of(anna.accountId(), Long.MAX_VALUE, 10))
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.kind()).isEqualTo("NEW_DEVICE");
                    assertThat(notice.title()).isEqualTo("Firefox on Linux · 203.0.113.0/24");
                });
        for (int i = 0; i < 25; i++) {
            device(anna.getUsername(), "203.0.113.77");
        }
        assertThat(database.sql("select count(*) from account_device where account_id = ?")
                        .param(anna.accountId())
                        .query(Integer.class)
                        .single())
                .isEqualTo(20);
        devices.forget(anna.accountId());
        guessed(anna);
    }

    @Test
    void aSessionThatGuessesEnds() throws Exception {
        for (String form : new String[] {"/settings/password", "/settings/delete", "/settings/email"}) {
            AccountPrincipal anna = people.user();
            Cookie session = TestPeople.logIn(site, anna);
            for (int i = 0; i < 4; i++) {
                guess(form, session).andExpect(status().isUnprocessableContent());
            }
            guess(form, session).andExpect(redirectedUrl("/login?ended"));
            site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?*"));
            assertThat(accounts.changePassword(anna.accountId(), PASSWORD, "four loud herons"))
                    .isTrue();
        }
    }

    private ResultActions guess(String form, Cookie session) throws Exception {
        return site.perform(post(form)
                .with(csrf())
                .cookie(session)
                .param("current", "wrong")
                .param("password", "wrong")
                .param("replacement", "four quiet herons")
                .param("email", "other@example.org"));
    }

    @Test
    void manyGuessesAtOnceAreAsMany() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie session = TestPeople.logIn(site, anna);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(threads.submit(() -> guess("/settings/password", session)
                        .andReturn()
                        .getResponse()
                        .getStatus()));
            }
            int looked = 0;
            for (Future<Integer> answer : answers) {
                looked += answer.get() == 422 ? 1 : 0;
            }
            assertThat(looked).isLessThanOrEqualTo(4);
        }
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?*"));
    }

    @Test
    void whenNoPasswordCanBeLookedAtNobodyIsRefusedAndNothingTypedIsLost() throws Exception {
        AccountPrincipal anna = people.user();
        Cookie session = TestPeople.logIn(site, anna);
        HashPlaces places = ((GatedPasswords) passwords).places();
        try (ExecutorService line = Executors.newCachedThreadPool()) {
            List<String> inside = new ArrayList<>();
            for (int i = 0; i < GatedPasswords.PLACES; i++) {
                places.enter("running " + i, 0);
                inside.add("running " + i);
            }
            for (int i = 0; i < GatedPasswords.LINE; i++) {
                String name = "waiting " + i;
                line.execute(() -> {
                    places.enter(name, 0);
                    places.leave(name);
                });
            }
            Wait.until("the line is full", Duration.ofSeconds(10), () -> places.waiting() == GatedPasswords.LINE);
            try {
                for (int i = 0; i < 8; i++) {
                    logIn(anna.getUsername(), PASSWORD, stranger())
                            .andExpect(status().isServiceUnavailable())
                            .andExpect(header().string("Retry-After", "5"))
                            .andExpect(request()
                                    .attribute(
                                            LoginFailure.ATTRIBUTE,
                                            new LoginFailure(
                                                    "security.login.busy", anna.getUsername(), "", Duration.ZERO)));
                }
                String name = TestPeople.name();
                String page = site.perform(post("/signup")
                                .with(csrf())
                                .param("username", name)
                                .param("email", name + "@example.org")
                                .param("password", PASSWORD))
                        .andExpect(status().isServiceUnavailable())
                        .andExpect(header().exists("Retry-After"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString();
                assertThat(page).contains("value=\"" + name + "\"").doesNotContain(PASSWORD);
                for (int i = 0; i < 8; i++) {
                    guess("/settings/password", session).andExpect(status().isServiceUnavailable());
                    guess("/settings/delete", session).andExpect(status().isServiceUnavailable());
                    site.perform(post("/confirm").with(csrf()).cookie(session).param("confirm-password", PASSWORD))
                            .andExpect(status().isServiceUnavailable())
                            .andExpect(header().string("Retry-After", "5"));
                }
            } finally {
                inside.forEach(places::leave);
            }
        }
        site.perform(get("/settings").cookie(session)).andExpect(status().isOk());
        logIn(anna.getUsername(), PASSWORD, stranger()).andExpect(redirectedUrl("/"));
    }
}
