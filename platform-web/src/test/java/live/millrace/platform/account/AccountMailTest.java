// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.TestPeople.PASSWORD;
import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** The links that the site mails, over a real mail server. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AccountMailTest {
    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry properties) {
        MAIL.start();
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
        properties.add("millrace.mail.from", () -> "no-reply@example.org");
        properties.add("millrace.public-url", () -> "https://live.example.org/");
    }

    @AfterAll
    static void stopMail() {
        MAIL.stop();
    }

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private StreamKeys keys;

    private MockHttpServletRequestBuilder signUp(String name) {
        return post("/signup")
                .param("username", name)
                .param("email", name + "@example.org")
                .param("password", PASSWORD)
                .with(csrf());
    }

    private static String linkIn(String kind, String address) throws Exception {
        Pattern link = Pattern.compile("https://live\\.example\\.org(/" + kind + "/[A-Za-z0-9_-]+)");
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            for (MimeMessage message : MAIL.getReceivedMessages()) {
                Matcher matcher = link.matcher(message.getContent().toString());
                if (message.getAllRecipients()[0].toString().equals(address) && matcher.find()) {
                    return matcher.group(1);
                }
            }
            MAIL.waitForIncomingEmail(500, MAIL.getReceivedMessages().length + 1);
        }
        throw new AssertionError("no mail to " + address);
    }

    @Test
    void aMailVerifiesAnAddressOnce() throws Exception {
        String name = name();
        site.perform(signUp(name)).andExpect(redirectedUrl("/studio"));
        long id = accounts.findByUsername(name).orElseThrow().id();
        String path = linkIn("verify", name + "@example.org");
        assertThat(accounts.find(id).orElseThrow().verified()).isFalse();
        // Programs that look after mail open links.
        site.perform(get(path)).andExpect(status().isOk());
        assertThat(accounts.find(id).orElseThrow().verified()).isFalse();
        site.perform(post(path).with(csrf())).andExpect(redirectedUrl("/verify?done"));
        assertThat(accounts.find(id).orElseThrow().verified()).isTrue();
        site.perform(post(path).with(csrf())).andExpect(redirectedUrl("/verify?dead"));
    }

    @Test
    void aMailGivesANewPasswordOnceAndTellsNobodyWhoHasAnAccount() throws Exception {
        AccountPrincipal anna = people.user();
        String address = anna.getUsername() + "@example.org";
        int before = MAIL.getReceivedMessages().length;
        site.perform(post("/forgot").param("email", "nobody-" + address).with(csrf()))
                .andExpect(redirectedUrl("/forgot?sent"));
        site.perform(post("/forgot").param("email", address).with(csrf())).andExpect(redirectedUrl("/forgot?sent"));
        String path = linkIn("reset", address);
        // A second within a minute is not sent.
        site.perform(post("/forgot").param("email", address).with(csrf())).andExpect(redirectedUrl("/forgot?sent"));
        site.perform(get(path)).andExpect(status().isOk()).andExpect(header().string("Referrer-Policy", "no-referrer"));
        site.perform(post(path).param("password", "short").with(csrf())).andExpect(status().isUnprocessableContent());
        String token = tokens.create(anna.accountId(), "bot", Set.of(TokenScope.READ), null)
                .orElseThrow();
        people.key(anna);
        Cookie thief = TestPeople.logIn(site, anna);
        site.perform(post(path).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset&continue=/settings/keys"));
        // Nobody who was in stays in, and no program.
        assertThat(tokens.identify(token)).isEmpty();
        site.perform(get("/settings").cookie(thief)).andExpect(redirectedUrlPattern("/login?continue=*"));
        // Encoders are asked about.
        site.perform(get("/settings/keys").with(user(anna))).andExpect(status().isOk());
        site.perform(post("/settings/keys").with(user(anna)).with(csrf()))
                .andExpect(redirectedUrl("/studio/connect?new#keys"));
        assertThat(keys.count(anna.accountId())).isZero();
        site.perform(get("/settings/keys").with(user(anna))).andExpect(redirectedUrl("/"));
        site.perform(post(path).param("password", "five quiet herons").with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(post("/login")
                        .param("username", anna.getUsername())
                        .param("password", "four quiet herons")
                        .with(csrf()))
                .andExpect(redirectedUrl("/"));
        assertThat(MAIL.getReceivedMessages().length).isEqualTo(before + 1);
    }
}
