// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SignOut;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A socket does not outlive what let it in. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@Timeout(30)
class LostPagesTest {
    @LocalServerPort
    private int port;

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private SignOut signOut;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private LostPages lost;

    @Autowired
    private JdbcClient database;

    private final HttpClient client = HttpClient.newHttpClient();

    private OpenedPage page(TestPeople.SignedUp who) {
        OpenedPage page = new OpenedPage(client, port, who.session());
        page.join("me:" + who.principal().accountId())
                .waitFor(event -> event.path("type").asString("").equals("me"));
        return page;
    }

    @Test
    void pagesOfASessionThatRanOutAreClosed() throws Exception {
        TestPeople.SignedUp anna = people.signedUp(site, TestPeople.name());
        TestPeople.SignedUp bob = people.signedUp(site, TestPeople.name());
        OpenedPage hers = page(anna);
        OpenedPage his = page(bob);
        lost.close();
        assertThat(hers.closed).isFalse();
        database.sql("update spring_session set expiry_time = 1 where principal_name = ?")
                .param(anna.name())
                .update();
        lost.close();
        OpenedPage.until(() -> hers.closed);
        assertThat(his.closed).isFalse();
        his.abort();
    }

    @Test
    void pagesOfWhoeverStaffLogOutAreClosedAtOnce() throws Exception {
        TestPeople.SignedUp anna = people.signedUp(site, TestPeople.name());
        OpenedPage hers = page(anna);
        signOut.everywhere(accounts.findByUsername(anna.name()).orElseThrow());
        OpenedPage.until(() -> hers.closed);
    }

    private WebSocket program(String token, BlockingQueue<String> told) {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://localhost:" + port + "/api/v1/socket"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        told.add(data.toString());
                        from.request(1);
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        told.add("closed " + code);
                        return null;
                    }
                })
                .join();
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aProgramStaysAsLongAsItsToken() throws Exception {
        AccountPrincipal anna = people.user();
        String token = tokens.create(anna.accountId(), "bot", EnumSet.of(TokenScope.CHAT), null)
                .orElseThrow();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        WebSocket bot = program(token, told);
        lost.close();
        bot.sendText("{\"type\":\"ping\"}", true).join();
        assertThat(next(told)).contains("pong");
        tokens.revokeAll(anna.accountId());
        lost.close();
        assertThat(next(told)).isEqualTo("closed 1008");
    }

    /** What its owner may and its scopes do not name. */
    @Test
    void aProgramFollowsWhatItsScopesName() throws Exception {
        AccountPrincipal anna = people.account(Role.MODERATOR);
        String own = people.channel(anna).name();
        List<String> beyond = List.of("held:" + own, "studio:" + own, "admin", "me:" + anna.accountId());
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        WebSocket bot = program(
                tokens.create(anna.accountId(), "bot", EnumSet.of(TokenScope.CHAT), null)
                        .orElseThrow(),
                told);
        for (String topic : beyond) {
            bot.sendText("{\"type\":\"join\",\"topics\":[\"" + topic + "\"]}", true)
                    .join();
            assertThat(next(told)).as(topic).contains("\"refused\"").contains("\"" + topic + "\"");
        }
        bot.sendText("{\"type\":\"join\",\"topics\":[\"chat:" + own + "\"]}", true)
                .join();
        assertThat(next(told)).doesNotContain("refused");
        bot.abort();
        told = new LinkedBlockingQueue<>();
        WebSocket moderating = program(
                tokens.create(anna.accountId(), "bot", EnumSet.of(TokenScope.CHAT, TokenScope.MODERATE), null)
                        .orElseThrow(),
                told);
        moderating
                .sendText("{\"type\":\"join\",\"topics\":[\"held:" + own + "\"]}", true)
                .join();
        assertThat(next(told)).doesNotContain("refused");
        moderating.abort();
    }
}
