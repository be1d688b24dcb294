// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.TestPeople.PASSWORD;
import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.http.Cookie;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.transaction.support.TransactionTemplate;

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

    @Autowired
    private JdbcClient database;

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

    private static List<String> mailsTo(String address) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .filter(message -> {
                    try {
                        return message.getAllRecipients()[0].toString().equalsIgnoreCase(address);
                    } catch (MessagingException e) {
                        throw new AssertionError(e);
                    }
                })
                .map(message -> {
                    try {
                        return message.getSubject() + "\n" + message.getContent();
                    } catch (MessagingException | IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static String mailTo(String address, String words) throws Exception {
        Wait.until(
                words, Duration.ofSeconds(20), () -> mailsTo(address).stream().anyMatch(text -> text.contains(words)));
        return mailsTo(address).stream()
                .filter(text -> text.contains(words))
                .findFirst()
                .orElseThrow();
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
                .andExpect(redirectedUrl("/login?reset&continue=/settings/security/reset"));
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
        // Once the link, and once that it was used; to nobody else.
        mailTo(address, "Your password was changed");
        assertThat(mailsTo(address)).hasSize(2);
        assertThat(mailsTo("nobody-" + address)).isEmpty();
    }

    // ---- limits ------------------------------------------------------------------------------------------------

    private ResultActions forgot(String address, String from, Cookie... cookies) throws Exception {
        MockHttpServletRequestBuilder form = post("/forgot")
                .param("email", address)
                .with(csrf())
                .with(sent -> {
                    sent.setRemoteAddr(from);
                    return sent;
                });
        return site.perform(cookies.length == 0 ? form : form.cookie(cookies)).andExpect(redirectedUrl("/forgot?sent"));
    }

    @Test
    void strangersNeitherFloodAMailboxNorKeepItsOwnerFromALink() throws Exception {
        AccountPrincipal anna = people.user();
        String address = anna.getUsername() + "@example.org";
        Cookie device = Objects.requireNonNull(site.perform(post("/login")
                        .param("username", anna.getUsername())
                        .param("password", PASSWORD)
                        .with(csrf())
                        .with(sent -> {
                            sent.setRemoteAddr("12.1.1.1");
                            return sent;
                        }))
                .andReturn()
                .getResponse()
                .getCookie("device"));
        for (int network = 0; network < 12; network++) {
            forgot(address, "12.2." + network + ".1");
        }
        Wait.until(
                "the mails are there",
                Duration.ofSeconds(20),
                () -> mailsTo(address).size() >= 5);
        forgot(address, "12.3.0.1", device);
        Wait.until(
                "the owner's is there",
                Duration.ofSeconds(20),
                () -> mailsTo(address).size() >= 6);
        assertThat(mailsTo(address)).hasSize(6);
    }

    @Test
    void aNewPasswordGivesAllTriesBack() throws Exception {
        AccountPrincipal anna = people.user();
        String address = anna.getUsername() + "@example.org";
        for (int i = 0; i < 6; i++) {
            logIn(anna.getUsername(), "wrong");
        }
        logIn(anna.getUsername(), PASSWORD).andExpect(status().isTooManyRequests());
        forgot(address, "127.0.0.1");
        String path = linkIn("reset", address);
        for (String refused : new String[] {"password1234!", "123123123123", "my " + anna.getUsername()}) {
            site.perform(post(path).param("password", refused).with(csrf()))
                    .andExpect(status().isUnprocessableContent());
        }
        site.perform(post(path).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset&continue=/settings/security/reset"));
        logIn(anna.getUsername(), "four quiet herons").andExpect(redirectedUrl("/"));
    }

    private ResultActions logIn(String name, String password) throws Exception {
        return site.perform(post("/login")
                .param("username", name)
                .param("password", password)
                .with(csrf()));
    }

    // ---- whose address it is -----------------------------------------------------------------------------------

    @Test
    void signingUpTellsNobodyWhoHasAnAddressButWhoeverHasIt() throws Exception {
        String first = name();
        String address = first + "@example.org";
        site.perform(signUp(first)).andExpect(redirectedUrl("/studio"));
        site.perform(post(linkIn("verify", address)).with(csrf())).andExpect(redirectedUrl("/verify?done"));
        String second = name();
        Cookie session = Objects.requireNonNull(site.perform(post("/signup")
                        .param("username", second)
                        .param("email", address.toUpperCase(Locale.ROOT))
                        .param("password", PASSWORD)
                        .with(csrf())
                        .with(sent -> {
                            sent.setRemoteAddr("12.4.0.1");
                            return sent;
                        }))
                .andExpect(redirectedUrl("/studio"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        mailTo(address, "You already have an account");
        // Who asked hears what everybody hears, and logs in by the name; the address is still the first one's.
        site.perform(post("/settings/verification").cookie(session).with(csrf()).with(sent -> {
                    sent.setRemoteAddr("12.4.0.1");
                    return sent;
                }))
                .andExpect(redirectedUrlPattern("/settings/account?*"));
        logIn(second, PASSWORD).andExpect(redirectedUrl("/"));
        assertThat(accounts.findForLogin(address).orElseThrow().getUsername()).isEqualTo(first);
        assertThat(accounts.find(accounts.findByUsername(second).orElseThrow().id())
                        .orElseThrow()
                        .verified())
                .isFalse();
    }

    @Test
    void anAddressIsWhosWhoProvesIt() throws Exception {
        String squatter = name();
        String address = squatter + "@example.org";
        site.perform(signUp(squatter)).andExpect(redirectedUrl("/studio"));
        String squatted = linkIn("verify", address);
        AccountPrincipal owner = people.user();
        change(owner, address, PASSWORD).andExpect(redirectedUrl("/settings/account?mailed"));
        site.perform(post(linkIn("email", address)).with(csrf())).andExpect(redirectedUrl("/email?done"));
        assertThat(accounts.findForLogin(address).orElseThrow().accountId()).isEqualTo(owner.accountId());
        site.perform(post(squatted).with(csrf())).andExpect(redirectedUrl("/verify?dead"));
    }

    // ---- another address ---------------------------------------------------------------------------------------

    private ResultActions change(AccountPrincipal who, String address, String password) throws Exception {
        return site.perform(post("/settings/email")
                .param("email", address)
                .param("password", password)
                .with(user(who))
                .with(csrf())
                .with(sent -> {
                    sent.setRemoteAddr("12.5.0.1");
                    return sent;
                }));
    }

    private void passkey(AccountPrincipal whose, String name, String since) {
        database.sql("""
                insert into signin_passkey
                    (account_id, credential_id, credential, host, name, counter, backed_up, transports, created_at)
                values (?, uuid_send(gen_random_uuid()), '', 'localhost', ?, 0, false, '{}', %s)
                """.formatted(since)).param(whose.accountId()).param(name).update();
    }

    @Test
    void theNewAddressConfirmsAndTheOldOneTakesItBack() throws Exception {
        String name = name();
        String old = name + "@example.org";
        site.perform(signUp(name)).andExpect(redirectedUrl("/studio"));
        site.perform(post(linkIn("verify", old)).with(csrf())).andExpect(redirectedUrl("/verify?done"));
        AccountPrincipal anna = accounts.findForLogin(name).orElseThrow();
        change(anna, "nothing", PASSWORD).andExpect(status().isUnprocessableContent());
        change(anna, "new-" + old, "wrong").andExpect(status().isUnprocessableContent());
        change(anna, "new-" + old, PASSWORD).andExpect(redirectedUrl("/settings/account?mailed"));
        String confirm = linkIn("email", "new-" + old);
        site.perform(get(confirm))
                .andExpect(status().isOk())
                .andExpect(header().string("Referrer-Policy", "no-referrer"));
        assertThat(email(anna)).isEqualTo(old);
        site.perform(post(confirm).with(csrf())).andExpect(redirectedUrl("/email?done"));
        site.perform(post(confirm).with(csrf())).andExpect(redirectedUrl("/email?dead"));
        assertThat(email(anna)).isEqualTo("new-" + old);
        String undo = linkIn("email/undo", old);
        // Whoever took it moves on, and tries to keep the way back to themselves.
        change(anna, "third-" + old, PASSWORD).andExpect(redirectedUrl("/settings/account?mailed"));
        site.perform(post(linkIn("email", "third-" + old)).with(csrf())).andExpect(redirectedUrl("/email?done"));
        String thiefs = linkIn("email/undo", "new-" + old);
        passkey(anna, "her phone", "now() - interval '1 day'");
        passkey(anna, "a thief's", "now()");
        Cookie session = TestPeople.logIn(site, anna);
        site.perform(get(undo)).andExpect(status().isOk());
        String reset = Objects.requireNonNull(site.perform(post(undo).with(csrf()))
                .andExpect(redirectedUrlPattern("/reset/*"))
                .andReturn()
                .getResponse()
                .getRedirectedUrl());
        assertThat(email(anna)).isEqualTo(old);
        site.perform(get("/studio").cookie(session)).andExpect(redirectedUrlPattern("/login?*"));
        // What the thief set up in between would let them in again.
        assertThat(database.sql("select name from signin_passkey where account_id = ?")
                        .param(anna.accountId())
                        .query(String.class)
                        .list())
                .containsExactly("her phone");
        logIn(name, PASSWORD).andExpect(status().isUnprocessableContent());
        site.perform(post(thiefs).with(csrf())).andExpect(redirectedUrl("/email?dead"));
        site.perform(post(undo).with(csrf())).andExpect(redirectedUrl("/email?dead"));
        site.perform(post(reset).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset&continue=/settings/security/reset"));
        logIn(name, "four quiet herons").andExpect(redirectedUrl("/"));
        assertThat(email(anna)).isEqualTo(old);
    }

    @Test
    void anAddressThatIsTakenCannotBeHadAndNobodyHearsThatItIs() throws Exception {
        String owner = name();
        String address = owner + "@example.org";
        site.perform(signUp(owner)).andExpect(redirectedUrl("/studio"));
        site.perform(post(linkIn("verify", address)).with(csrf())).andExpect(redirectedUrl("/verify?done"));
        change(people.user(), address, PASSWORD).andExpect(redirectedUrl("/settings/account?mailed"));
        mailTo(address, "You already have an account");
        assertThat(mailsTo(address)).noneMatch(text -> text.contains("/email/"));
    }

    private String email(AccountPrincipal who) {
        return accounts.preferences(who.accountId()).orElseThrow().email();
    }

    @Test
    void aNewDeviceIsToldByMail() throws Exception {
        AccountPrincipal anna = people.user();
        logIn(anna.getUsername(), PASSWORD).andExpect(redirectedUrl("/"));
        site.perform(post("/login")
                .param("username", anna.getUsername())
                .param("password", PASSWORD)
                .header(
                        "User-Agent",
                        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1")
                .with(csrf())
                .with(sent -> {
                    sent.setRemoteAddr("2a0b:1234:5678:9abc::1");
                    return sent;
                }));
        String text = mailTo(anna.getUsername() + "@example.org", "A new device logged in");
        assertThat(text)
                .contains("Safari on iPhone", "2a0b:1234:5678:", "https://live.example.org/forgot")
                .doesNotContain("9abc");
    }

    // ---- imports ----------------------------------------------------------------------------------------------

    @Test
    void whoIsImportedWithAnAddressGetsALinkThatProvesIt(@Autowired AccountImports imports) throws Exception {
        String name = name();
        StringBuilder file = new StringBuilder("username,mail,language\n");
        // More than one network may have sent in a day by itself.
        for (int i = 0; i < 50; i++) {
            file.append("%s-%d,%s-%d@example.net,%s%n".formatted(name, i, name, i, i == 7 ? "zh" : ""));
        }
        file.append(name).append("-none,,");
        long id = ((AccountImports.Checked.Kept) imports.check(
                        "people.csv", new ByteArrayInputStream(file.toString().getBytes(StandardCharsets.UTF_8))))
                .id();
        assertThat(imports.start(id, true)).isTrue();
        Wait.until(
                "the accounts are made",
                Duration.ofSeconds(60),
                () -> imports.find(id).orElseThrow().state() == AccountImports.State.DONE);
        // The rest get theirs by hand.
        assertThat(imports.links(id)).extracting(AccountImports.Link::username).containsExactly(name + "-none");
        Wait.until(
                "all are written to",
                Duration.ofSeconds(60),
                () -> IntStream.range(0, 50)
                        .allMatch(i -> !mailsTo(name + "-" + i + "@example.net").isEmpty()));
        assertThat(mailsTo(name + "-7@example.net").getFirst()).contains("设置密码");
        String path = linkIn("reset", name + "-49@example.net");
        site.perform(post(path).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset&continue=/settings/security/reset"));
        assertThat(accounts.findByUsername(name + "-49").orElseThrow().verified())
                .isTrue();
    }

    // ---- two at once ------------------------------------------------------------------------------------------

    private void waitForALock() {
        try {
            Wait.until(
                    "the second waits for the first",
                    () -> database.sql("select exists (select from pg_locks where not granted)")
                            .query(Boolean.class)
                            .single());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void ofTwoWhoProveOneAddressAtOnceTheSecondIsToldInWords(@Autowired TransactionTemplate transaction)
            throws Exception {
        AccountPrincipal anna = people.user();
        String name = name();
        site.perform(signUp(name)).andExpect(redirectedUrl("/studio"));
        long second = accounts.findByUsername(name).orElseThrow().id();
        String path = linkIn("verify", name + "@example.org");
        database.sql("update account set email = ? where id = ?")
                .param(name + "@example.org")
                .param(anna.accountId())
                .update();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<ResultActions> answer = Objects.requireNonNull(transaction.execute(_ -> {
                database.sql("update account set verified_at = now() where id = ?")
                        .param(anna.accountId())
                        .update();
                Future<ResultActions> asked =
                        threads.submit(() -> site.perform(post(path).with(csrf())));
                waitForALock();
                return asked;
            }));
            answer.get().andExpect(redirectedUrl("/verify?dead"));
        }
        assertThat(accounts.find(second).orElseThrow().verified()).isFalse();
        assertThat(accounts.find(anna.accountId()).orElseThrow().verified()).isTrue();
    }
}
