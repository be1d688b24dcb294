// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.net.http.HttpClient;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.database.BrokenConnections;
import live.millrace.platform.database.BrokenConnections.Fate;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.TransactionSystemException;
import tools.jackson.databind.JsonNode;

/**
 * The connection breaks while something is committed that takes a right away or ends something, and nobody hears whether it was:
 * what was made has its effect all the same, and what was not has none that lasts.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class UnheardCommitTest {
    private static final String PASSWORD = "three quiet herons";

    @LocalServerPort
    private int port;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Engine engine;

    @Autowired
    private ChatModeration moderation;

    @Autowired
    private JdbcClient database;

    @Autowired
    private FindByIndexNameSessionRepository<? extends Session> sessions;

    private ChannelView channel;

    /** One who is logged in. */
    @BeforeEach
    void person() throws Exception {
        String name = "n"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        site.perform(post("/signup")
                .with(csrf())
                .param("username", name)
                .param("email", name + "@example.org")
                .param("password", PASSWORD));
        channel = channels.ofAccount(accounts.findByUsername(name).orElseThrow().id());
        assertThat(sessions.findByPrincipalName(channel.name())).isNotEmpty();
    }

    private static void unheard(Fate fate, ThrowingCallable act) {
        BrokenConnections.nextCommit(fate);
        assertThatThrownBy(act).isInstanceOf(TransactionSystemException.class);
    }

    /** Who is on air with a key; whether they still are when something was done unheard. */
    private boolean staysOnAir(Fate fate, NewStreamKey key, ThrowingCallable act) throws Exception {
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            UUID broadcast = engine.live(channel.name()).orElseThrow().broadcastId();
            unheard(fate, act);
            if (fate == Fate.MADE) {
                Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
                return false;
            }
            // What ends a broadcast has asked for it before it returns.
            encoder.sync();
            return engine.live(channel.name())
                    .filter(view -> view.broadcastId().equals(broadcast))
                    .isPresent();
        } finally {
            engine.end(channel.name());
        }
    }

    private NewStreamKey key() {
        return keys.create(channel.id(), "home PC").orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastEndsWithTheRightToIt(Fate fate) throws Exception {
        boolean stays = fate == Fate.UNMADE;
        NewStreamKey key = key();
        assertThat(staysOnAir(
                        fate, key, () -> keys.revoke(channel.id(), key.key().id())))
                .as("its key is revoked")
                .isEqualTo(stays);
        assertThat(staysOnAir(fate, key(), () -> accounts.suspendStreaming(channel.accountId(), null)))
                .as("it may not stream")
                .isEqualTo(stays);
        accounts.restoreStreaming(channel.accountId());
        assertThat(staysOnAir(fate, key(), () -> accounts.suspend(channel.accountId(), "spam", null)))
                .as("its account is suspended")
                .isEqualTo(stays);
    }

    @Test
    void sessionsEndWithASuspensionOfWhichNobodyHeard() {
        unheard(Fate.MADE, () -> accounts.suspend(channel.accountId(), "spam", null));

        assertThat(sessions.findByPrincipalName(channel.name())).isEmpty();
    }

    @Test
    void sessionsEndWithAPasswordOfWhichNobodyHeard() {
        unheard(Fate.MADE, () -> accounts.changePassword(channel.accountId(), PASSWORD, "four loud herons"));

        assertThat(sessions.findByPrincipalName(channel.name())).isEmpty();
    }

    private static Predicate<JsonNode> removal(long seq) {
        return message -> message.path("type").asString("").equals("removed")
                && message.path("seqs").toString().equals("[" + seq + "]");
    }

    @ParameterizedTest
    @EnumSource
    void aRoomShowsWhatIsStored(Fate fate) {
        for (int seq = 1; seq <= 2; seq++) {
            database.sql("""
                    insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                    values (?, ?, ?, ?, 'hello', now())
                    """)
                    .param(channel.id())
                    .param(seq)
                    .param(channel.accountId())
                    .param(UUID.randomUUID())
                    .update();
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            OpenedPage page = new OpenedPage(client, port, null).join("chat:" + channel.name());
            page.waitFor(message -> message.path("type").asString("").equals("history"));

            unheard(fate, () -> moderation.remove(channel, List.of(1L), Actor.SITE, "spam"));
            moderation.remove(channel, List.of(2L), Actor.SITE, "spam");

            page.waitFor(removal(2));
            assertThat(page.told.stream().anyMatch(removal(1))).isEqualTo(fate == Fate.MADE);
            page.socket.abort();
            client.shutdownNow();
        }
    }
}
