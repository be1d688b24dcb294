// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.live.Broadcasting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;

/** The site over a real PostgreSQL: who gets what, and what is never given. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SiteTest {
    private static final String PASSWORD = "three quiet herons";

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private PublishAuthorization gate;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private JdbcClient database;

    @Autowired
    private Engine engine;

    private static String name() {
        return "u"
                + UUID.randomUUID()
                        .toString()
                        .replace("-", "")
                        .substring(0, 15)
                        .replace('0', 'a')
                        .replace('1', 'b');
    }

    private AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, role)).principal();
    }

    private long channelOf(AccountPrincipal principal) {
        return channels.ofAccount(principal.accountId()).id();
    }

    private NewStreamKey key(AccountPrincipal principal) {
        return keys.create(channelOf(principal), "home PC").orElseThrow();
    }

    // ---- anonymous pages --------------------------------------------------------------------------------------

    @Test
    void anAnonymousPageViewMakesNoSessionNoCookieAndNoRow() throws Exception {
        String channel = account(Role.USER).getUsername();
        long before = database.sql("select count(*) from spring_session")
                .query(Long.class)
                .single();
        for (String page : List.of("/", "/" + channel, "/nobody-here", "/studio")) {
            MvcResult result = site.perform(get(page)).andReturn();
            assertThat(result.getResponse().getHeader("Set-Cookie")).as(page).isNull();
            assertThat(result.getRequest().getSession(false)).as(page).isNull();
        }
        assertThat(database.sql("select count(*) from spring_session")
                        .query(Long.class)
                        .single())
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "/signup", "/nobody-here"})
    void everyPageHasItsSecurityHeaders(String page) throws Exception {
        site.perform(get(page))
                .andExpect(header().string("Content-Security-Policy", containsString("script-src 'self';")))
                .andExpect(header().string("Content-Security-Policy", not(containsString("unsafe"))))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string("Referrer-Policy", "same-origin"));
    }

    @ParameterizedTest
    @CsvSource({"zh-TW, zh-CN, 注册", "'fr,zh;q=0.5', zh-CN, 注册", "de, en, Sign up", "'en,zh;q=0.9', en, Sign up"})
    void pagesSpeakEnglishUnlessTheBrowserPrefersChinese(String accepted, String lang, String word) throws Exception {
        site.perform(get("/signup").header("Accept-Language", accepted))
                .andExpect(content().string(containsString("lang=\"" + lang + "\"")))
                .andExpect(content().string(containsString(word)));
    }

    // ---- accounts ---------------------------------------------------------------------------------------------

    @Test
    void signingUpSignsInAndMakesAChannel() throws Exception {
        String name = name();
        MvcResult result = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", name.toUpperCase(java.util.Locale.ROOT))
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
        "goodname,      nothing,       long enough words, email,    account.email.malformed",
        "goodname,      a@example.org, short,             password, account.password.length",
        "goodname,      a@example.org, my goodname here,  password, account.password.holds-name",
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
    void oneAnswerForEveryLoginThatFails() throws Exception {
        AccountPrincipal anna = account(Role.USER);
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
        AccountPrincipal anna = account(Role.USER);
        site.perform(post("/login")
                        .with(csrf())
                        .param("username", anna.getUsername())
                        .param("password", PASSWORD)
                        .param("continue", next))
                .andExpect(redirectedUrl(expected));
    }

    @Test
    void aSuspendedAccountIsToldSoOnlyByItsPassword() throws Exception {
        AccountPrincipal anna = account(Role.USER);
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
    void whatChangesStateWantsAToken() throws Exception {
        for (String path : List.of("/signup", "/login", "/logout", "/studio/keys", "/admin/streams/end")) {
            site.perform(post(path)).andExpect(status().is4xxClientError());
        }
    }

    // ---- who may what -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // method, path, stranger, user, admin
        "GET,  /,                       200, 200, 200",
        "GET,  /login,                  200, 302, 302",
        "GET,  /signup,                 200, 302, 302",
        "GET,  /setup/0000,             404, 404, 404",
        "GET,  /studio,                 302, 200, 200",
        "GET,  /studio/chat,            302, 200, 200",
        "POST, /studio/info,            302, 302, 302",
        "POST, /studio/chat,            302, 302, 302",
        "POST, /studio/chat/emotes,     302, 422, 422",
        "POST, /studio/chat/moderators, 302, 422, 422",
        "GET,  /settings,               302, 200, 200",
        "POST, /settings/name,          302, 302, 302",
        "POST, /settings/pictures/avatar, 302, 422, 422",
        "POST, /settings/tokens,        302, 422, 422",
        "POST, /settings/delete,        302, 422, 422",
        "GET,  /notifications,          302, 200, 200",
        "POST, /notifications/read,     302, 302, 302",
        "GET,  /api/v1/notices,         401, 200, 200",
        "POST, /api/v1/notices/read,    401, 204, 204",
        "POST, /admin/joining,          404, 404, 400",
        "POST, /admin/invites,          404, 404, 200",
        "POST, /admin/categories,       404, 404, 422",
        "GET,  /studio/connect,         302, 200, 200",
        "GET,  /studio/channel,         302, 200, 200",
        "POST, /studio/channel,         302, 302, 302",
        "POST, /studio/keys/999999/revoke, 302, 404, 404",
        "POST, /studio/end,             302, 302, 302",
        "GET,  /settings/password,      302, 200, 200",
        "POST, /settings/password,      302, 422, 422",
        "GET,  /admin,                  404, 404, 200",
        "GET,  /admin/anything,         404, 404, 404",
        "POST, /admin/streams/end,      404, 404, 400",
        "GET,  /actuator/health,        200, 200, 200",
        "GET,  /actuator/prometheus,    404, 404, 200",
        "GET,  /actuator/env,           404, 404, 404",
    })
    void everybodyGetsWhatIsTheirs(String method, String path, int stranger, int user, int admin) throws Exception {
        AccountPrincipal somebody = account(Role.USER);
        AccountPrincipal moderator = account(Role.ADMIN);
        assertThat(answer(method, path, null)).as("stranger").isEqualTo(stranger);
        assertThat(answer(method, path, somebody)).as("user").isEqualTo(user);
        assertThat(answer(method, path, moderator)).as("admin").isEqualTo(admin);
    }

    private int answer(String method, String path, AccountPrincipal principal) throws Exception {
        var request = (method.equals("GET") ? get(path) : post(path)).with(csrf());
        return site.perform(principal == null ? request : request.with(user(principal)))
                .andReturn()
                .getResponse()
                .getStatus();
    }

    @Test
    void aForeignKeyCannotBeRevoked() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal other = account(Role.USER);
        long id = key(anna).key().id();
        site.perform(post("/studio/keys/{id}/revoke", id).with(csrf()).with(user(other)))
                .andExpect(status().isNotFound());
        assertThat(keys.find(id).orElseThrow().revoked()).isFalse();
        site.perform(post("/studio/keys/{id}/revoke", id).with(csrf()).with(user(anna)))
                .andExpect(redirectedUrlPattern("/studio/connect**"));
        assertThat(keys.find(id).orElseThrow().revoked()).isTrue();
    }

    // ---- stream keys ------------------------------------------------------------------------------------------

    @Test
    void aKeyIsShownOnceAndStoredAsAHash() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        MvcResult made = site.perform(
                        post("/studio/keys").with(csrf()).with(user(anna)).param("name", "home PC"))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn();
        Matcher matcher =
                Pattern.compile("mr_[a-z2-7]{34}").matcher(made.getResponse().getContentAsString());
        assertThat(matcher.find()).isTrue();
        String secret = matcher.group();
        for (String page : List.of("/studio/connect", "/" + anna.getUsername(), "/")) {
            site.perform(get(page).with(user(anna)))
                    .andExpect(content().string(not(containsString(secret.substring(11)))));
        }
        String row = database.sql("select k::text from channel_stream_key k where prefix = ?")
                .param(secret.substring(3, 11))
                .query(String.class)
                .single();
        assertThat(row).doesNotContain(secret.substring(11));
        gate.started(question(secret, null), keys.identify(secret).orElseThrow().id());
        gate.refused(question(secret + "x", null), Refusal.UNKNOWN_KEY, OptionalLong.empty());
        for (String table : database.sql(
                        "select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()) {
            assertThat(database.sql("select coalesce(string_agg(t::text, ' '), '') from \"" + table + "\" t")
                            .query(String.class)
                            .single())
                    .as(table)
                    .doesNotContain(secret.substring(11));
        }
        assertThat(keys.identify(secret)).isPresent();
        assertThat(keys.identify(secret.substring(0, 36) + (secret.endsWith("a") ? "b" : "a")))
                .isEmpty();
    }

    private static PublishQuestion question(String secret, String channel) {
        return new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.ofNullable(channel), Optional.ofNullable(secret));
    }

    @Test
    void theGateKnowsEachCause() {
        AccountPrincipal anna = account(Role.USER);
        NewStreamKey key = key(anna);
        String secret = key.secret();
        assertThat(gate.mayPublish(question(secret, null)))
                .isEqualTo(new PublishAnswer.Yes(anna.getUsername(), key.key().id()));
        assertThat(gate.mayPublish(question(secret, anna.getUsername()))).isInstanceOf(PublishAnswer.Yes.class);
        assertThat(gate.mayPublish(question(null, null))).isEqualTo(new PublishAnswer.No(Refusal.NO_KEY));
        assertThat(gate.mayPublish(question("mr_nonsense", null))).isEqualTo(new PublishAnswer.No(Refusal.UNKNOWN_KEY));
        assertThat(gate.mayPublish(question("' or 1=1 --", null))).isEqualTo(new PublishAnswer.No(Refusal.UNKNOWN_KEY));
        assertThat(gate.mayPublish(question(secret, "somebody")))
                .isEqualTo(new PublishAnswer.No(Refusal.WRONG_CHANNEL));
        Instant until = Instant.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.MICROS);
        keys.block(key.key().id(), until);
        assertThat(gate.mayPublish(question(secret, null))).isEqualTo(new PublishAnswer.No(Refusal.KEY_BLOCKED));
        keys.unblock(key.key().id(), until);
        assertThat(gate.mayPublish(question(secret, null))).isInstanceOf(PublishAnswer.Yes.class);
        accounts.suspend(anna.accountId(), "spam", null);
        assertThat(gate.mayPublish(question(secret, null))).isEqualTo(new PublishAnswer.No(Refusal.ACCOUNT_SUSPENDED));
        accounts.restore(anna.accountId());
        keys.revoke(channelOf(anna), key.key().id());
        assertThat(gate.mayPublish(question(secret, null))).isEqualTo(new PublishAnswer.No(Refusal.KEY_REVOKED));
    }

    @Test
    void theConnectionLogKeepsTwentyAndShowsStrangersAtTheSameAddress() {
        AccountPrincipal anna = account(Role.USER);
        NewStreamKey key = key(anna);
        for (int i = 0; i < 30; i++) {
            gate.started(question(key.secret(), null), key.key().id());
        }
        assertThat(broadcasting.attempts(channelOf(anna), "192.0.2.99")).hasSize(20);
        // A key whose prefix is right and whose secret is wrong belongs to the channel's log.
        gate.refused(question(key.secret().substring(0, 20), null), Refusal.UNKNOWN_KEY, OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(channelOf(anna), "192.0.2.99")
                        .getFirst()
                        .cause())
                .isEqualTo("UNKNOWN_KEY");
        gate.refused(
                new PublishQuestion(UUID.randomUUID(), "198.51.100.4", "OBS", Optional.empty(), Optional.of("typo")),
                Refusal.UNKNOWN_KEY,
                OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(channelOf(anna), "198.51.100.4")
                        .getFirst()
                        .keyName())
                .isNull();
        assertThat(broadcasting
                        .attempts(channelOf(anna), "192.0.2.99")
                        .getFirst()
                        .keyName())
                .isNotNull();
        assertThat(broadcasting.strangers().getFirst().remote()).isEqualTo("198.51.100.…");
        // At home the browser came by way of ::1 and the encoder did not.
        gate.refused(
                new PublishQuestion(UUID.randomUUID(), "127.0.0.1", "OBS", Optional.empty(), Optional.of("typo")),
                Refusal.UNKNOWN_KEY,
                OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(channelOf(anna), "0:0:0:0:0:0:0:1")
                        .getFirst()
                        .keyName())
                .isNull();
    }

    @Test
    void aTitleIsTextWhateverItHolds() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        String attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("title", attack))
                .andExpect(redirectedUrl("/studio?saved"));
        site.perform(post("/studio/channel").with(csrf()).with(user(anna)).param("description", attack))
                .andExpect(redirectedUrl("/studio/channel?saved"));
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(not(containsString("<script>alert"))))
                .andExpect(content().string(not(containsString("<img src=x"))));
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("title", "x".repeat(101)))
                .andExpect(status().isUnprocessableContent());
    }

    @Test
    void onlyTheOwnerEndsABroadcastAndItsKeyWaitsForTheEncoderToBeStopped() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal other = account(Role.USER);
        NewStreamKey key = key(anna);
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder)
                    .headers()
                    .both(3)
                    .clock(at -> at + 50_000_000)
                    .both(8);
            encoder.sync();
            assertThat(engine.live(anna.getUsername())).isPresent();
            site.perform(get("/studio/connect").with(user(anna)))
                    .andExpect(content().string(containsString("Jumps of the encoder")));
            site.perform(post("/studio/end").with(csrf())).andExpect(redirectedUrl("/login?continue=%2F"));
            site.perform(post("/studio/end").with(user(anna))).andExpect(status().isForbidden());
            site.perform(post("/studio/end").with(csrf()).with(user(other)))
                    .andExpect(redirectedUrl("/studio/connect?offline"));
            encoder.sync();
            assertThat(engine.live(anna.getUsername())).isPresent();
            site.perform(post("/studio/end").with(csrf()).with(user(anna)))
                    .andExpect(redirectedUrl("/studio/connect?ended"));
            encoder.awaitClose();
        }
        Wait.until(
                "the broadcast is over", () -> engine.live(anna.getUsername()).isEmpty());
        assertThat(gate.mayPublish(question(key.secret(), null))).isEqualTo(new PublishAnswer.No(Refusal.KEY_BLOCKED));
        site.perform(get("/studio/connect").param("ended", "").with(user(anna)))
                .andExpect(content().string(containsString("The broadcast has ended.")));
    }
}
