// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Tags;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import live.millrace.platform.site.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What browsers are told not to do, and that what people type stays text wherever it is shown. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SafePagesTest {
    @LocalServerPort
    private int port;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private WordLists words;

    @Autowired
    private Reports reports;

    @Autowired
    private Announcements announcements;

    @Autowired
    private JdbcClient database;

    private static String name() {
        return "s"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    private AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", role))
                .principal();
    }

    // ---- headers ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "/, 200",
        "/login, 200",
        "/signup, 200",
        "/privacy, 200",
        "/search?q=x, 200",
        "/categories, 200",
        "/studio, 302",
        "/admin, 404",
        "/admin/users, 404",
        "/nobody-at-all, 404",
        "/pictures/nothing, 404",
        "/brand/mark.svg, 200",
        "/api/v1/live, 200",
        "/api/v1/notices, 401",
        "/api/v1/channels/nobody-at-all, 404",
        "/actuator/health, 200",
        "/%2e%2e/etc/passwd, 400",
        "/search?q=%00, 400",
    })
    void everyAnswerCarriesItsHeaders(String path, int expected) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(expected);
            if (expected == 400) {
                // Refused at the door.
                assertThat(answer.body()).doesNotContain("<script");
                return;
            }
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("same-origin");
            assertThat(answer.headers().firstValue("Permissions-Policy")).isPresent();
            String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElseThrow();
            assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'")
                    .contains("frame-ancestors 'none'", "form-action 'self'")
                    .doesNotContain("unsafe", "*");
        }
    }

    // ---- the socket -------------------------------------------------------------------------------------------

    private WebSocket socket(String origin) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(URI.create("ws://localhost:" + port + "/api/v1/socket"), new WebSocket.Listener() {})
                .join();
    }

    @Test
    void onlyPagesOfThisHostOpenASocket() {
        socket("http://localhost:" + port).abort();
        for (String origin : List.of(
                "http://evil.example",
                "http://localhost:" + (port + 1),
                "http://localhost.evil.example:" + port,
                "null")) {
            assertThatThrownBy(() -> socket(origin)).as(origin).hasMessageContaining("HandshakeException");
        }
    }

    @Test
    void aLogOutClosesTheSocketsOfWhoeverLeft() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        Cookie session = Objects.requireNonNull(site.perform(post("/login")
                        .with(csrf())
                        .param("username", bob.getUsername())
                        .param("password", "three quiet herons"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            OpenedPage page = new OpenedPage(client, port, session.getValue());
            page.join("me:" + bob.accountId());
            page.waitFor(message -> message.path("type").asString("").equals("me"));
            site.perform(post("/logout").with(csrf()).cookie(session));
            OpenedPage.until(() -> page.closed);
        }
    }

    // ---- what people type -------------------------------------------------------------------------------------

    /** A quotation mark that ended an attribute. In a text it is what it is. */
    private static final Pattern IN_A_TAG = Pattern.compile("<[a-z][^<>]*\" onmouseover=x\\(\\)");

    /** Two hundred ways to make a page do what its author did not mean. */
    private static List<String> payloads() {
        List<String> bodies = List.of(
                "<script>x()</script>",
                "<img src=x onerror=x()>",
                "<svg onload=x()>",
                "<svg/onload=x()//",
                "<iframe srcdoc='<script>x()</script>'>",
                "<body onload=x()>",
                "<details open ontoggle=x()>",
                "<video><source onerror=x()>",
                "<math><mi//xlink:href=\"data:x,<script>x()</script>\">",
                "<a href=javascript:x()>y</a>",
                "<a href=\"jav&#x09;ascript:x()\">y</a>",
                "<object data=javascript:x()>",
                "<embed src=javascript:x()>",
                "<form action=javascript:x()><button>",
                "<input autofocus onfocus=x()>",
                "<marquee onstart=x()>",
                "<style>@import 'x'</style>",
                "<link rel=stylesheet href=x>",
                "<meta http-equiv=refresh content='0;url=javascript:x()'>",
                "<base href=//evil.example/>",
                "<template><script>x()</script></template>",
                "<noscript><p title=\"</noscript><img src=x onerror=x()>\">",
                "<textarea></textarea><script>x()</script>",
                "<!--><script>x()</script>-->",
                "<![CDATA[<script>x()</script>]]>",
                "<scr<script>ipt>x()</script>",
                "<SCRIPT SRC=//evil.example></SCRIPT>",
                "<img/src='x'/onerror=x()>",
                "\" onmouseover=x() a=\"",
                "' onmouseover='x()",
                "[a](javascript:x())",
                "![a](x\"onerror=\"x())",
                "<a href='data:text/html,<script>x()</script>'>y</a>",
                "${7*7}<b>",
                "#{7*7}<b>",
                "[[${7*7}]]<b>",
                "<x th:text=\"${7*7}\">",
                "\u2028<script>x()</script>",
                "<xmp><script>x()</script>",
                "<keygen autofocus onfocus=x()>");
        List<String> all = new ArrayList<>();
        for (String before : List.of("", "\">", "'>", "</script>", "</textarea></title>")) {
            bodies.forEach(body -> all.add(before + body));
        }
        return all;
    }

    /** Whatever could end a text or an attribute is written as an entity, or taken out. */
    private static void assertHarmless(Map<String, String> wrong, String page, String html, String payload) {
        if ((payload.contains("<") && html.contains(payload))
                || IN_A_TAG.matcher(html).find()
                || html.contains("onerror=x()>")
                || html.contains("<script>x()")
                || html.contains("href=\"javascript:")
                || html.contains("onload=x()>")) {
            wrong.put(page, payload);
        }
    }

    @Test
    void whatPeopleTypeIsTextOnEveryPage() throws Exception {
        AccountPrincipal admin = account(Role.ADMIN);
        AccountPrincipal bob = account(Role.USER);
        ChannelView channel = channels.ofAccount(bob.accountId());
        Map<String, String> wrong = new TreeMap<>();
        int seq = 0;
        for (String payload : payloads()) {
            assertThat(payload).matches("(?s).*[<\"'\\[].*");
            seq++;
            String title = payload.substring(0, Math.min(payload.length(), Channels.MAX_TITLE));
            channels.describe(channel.id(), new BroadcastInfo(title, null, Tags.parse(payload), "", false));
            channels.edit(channel.id(), payload);
            channels.rename(channel.id(), payload.substring(0, Math.min(payload.length(), 30)));
            database.sql("""
                    insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                    values (?, ?, ?, ?, ?, now())
                    """)
                    .param(channel.id())
                    .param(seq)
                    .param(bob.accountId())
                    .param(UUID.randomUUID())
                    .param(payload)
                    .update();
            words.add(channel.id(), List.of(payload), WordLists.Effect.HOLD);
            for (String page : List.of("/" + channel.name(), "/studio/channel")) {
                assertHarmless(wrong, page, html(page, bob), payload);
            }
            assertHarmless(wrong, "/search", asked("/search", payload, admin), payload);
            if (seq % 40 == 0) {
                // Lists show the last ones together.
                for (Map.Entry<String, AccountPrincipal> page :
                        lists(channel, bob, admin).entrySet()) {
                    String html = html(page.getKey(), page.getValue());
                    for (String shown : payloads().subList(seq - 40, seq)) {
                        assertHarmless(wrong, page.getKey(), html, shown);
                    }
                }
                for (String page : List.of("/admin/users", "/admin/comments", "/admin/audit", "/reports/new")) {
                    assertHarmless(wrong, page, asked(page, payload, admin), payload);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Map<String, AccountPrincipal> lists(
            ChannelView channel, AccountPrincipal owner, AccountPrincipal admin) {
        Map<String, AccountPrincipal> pages = new LinkedHashMap<>();
        pages.put("/embed/" + channel.name(), admin);
        pages.put("/popout/" + channel.name(), admin);
        pages.put("/studio", owner);
        pages.put("/studio/moderation", owner);
        pages.put("/settings", owner);
        pages.put("/admin/comments?channel=" + channel.name(), admin);
        pages.put("/admin/channels?q=" + channel.name(), admin);
        return pages;
    }

    private String asked(String page, String payload, AccountPrincipal who) throws Exception {
        var answer = site.perform(get(page)
                        .param("q", payload)
                        .param("channel", payload)
                        .param("user", payload)
                        .with(user(who)))
                .andReturn()
                .getResponse();
        assertThat(answer.getStatus()).as(page).isLessThan(500);
        return answer.getContentAsString();
    }

    /** Texts that take longer to file than to read: a dozen of them through reports, bans, notes and announcements. */
    @Test
    void whatStaffReadIsTextAsWell() throws Exception {
        AccountPrincipal admin = account(Role.ADMIN);
        Map<String, String> wrong = new TreeMap<>();
        List<String> all = payloads();
        for (int i = 0; i < all.size(); i += 17) {
            String payload = all.get(i);
            AccountPrincipal bob = account(Role.USER);
            AccountPrincipal anna = account(Role.USER);
            assertThat(reports.file(
                            anna,
                            new Reports.Report(
                                    CaseKind.USER, "", null, bob.getUsername(), ReportReason.OTHER, payload)))
                    .isEmpty();
            long id = database.sql("select max(id) from moderation_case where subject_account_id = ?")
                    .param(bob.accountId())
                    .query(Long.class)
                    .single();
            assertHarmless(wrong, "case", html("/admin/reports/" + id, admin), payload);
            site.perform(post("/admin/reports/" + id + "/decide")
                    .with(user(admin))
                    .with(csrf())
                    .param("decision", "WARN")
                    .param("reason", payload));
            site.perform(post("/decisions/" + id + "/appeal")
                    .with(user(bob))
                    .with(csrf())
                    .param("text", payload));
            assertHarmless(wrong, "decided", html("/admin/reports/" + id, admin), payload);
            assertHarmless(wrong, "decision", html("/decisions/" + id, bob), payload);
            assertHarmless(wrong, "decisions", html("/decisions", bob), payload);
            assertHarmless(wrong, "notices", html("/notifications", bob), payload);
            assertHarmless(wrong, "audit", html("/admin/audit", admin), payload);
            announcements.announce(payload, payload, java.time.Duration.ZERO, Actor.SITE);
            assertHarmless(wrong, "announcement", html("/privacy", admin), payload);
        }
        announcements.end(Actor.SITE);
        assertThat(wrong).isEmpty();
    }

    private String html(String path, AccountPrincipal who) throws Exception {
        var answer = site.perform(get(path).with(user(who))).andReturn().getResponse();
        assertThat(answer.getStatus()).as(path).isLessThan(500);
        return answer.getContentAsString();
    }
}
