// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;

/** What a broadcaster reads of the attempts to publish. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ConnectionLogTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private Broadcasting broadcasting;

    private static PublishQuestion question(String secret, String channel) {
        return new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.ofNullable(channel), Optional.ofNullable(secret));
    }

    @Test
    void theConnectionLogKeepsTwentyAndShowsStrangersAtTheSameAddress() {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        for (int i = 0; i < 30; i++) {
            authorization.started(question(key.secret(), null), key.key().id());
        }
        assertThat(broadcasting.attempts(people.channel(anna).id(), "192.0.2.99"))
                .hasSize(20);
        // A key whose prefix is right and whose secret is wrong belongs to the channel's log.
        authorization.refused(question(key.secret().substring(0, 20), null), Refusal.UNKNOWN_KEY, OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(people.channel(anna).id(), "192.0.2.99")
                        .getFirst()
                        .cause())
                .isEqualTo("UNKNOWN_KEY");
        authorization.refused(
                new PublishQuestion(UUID.randomUUID(), "198.51.100.4", "OBS", Optional.empty(), Optional.of("typo")),
                Refusal.UNKNOWN_KEY,
                OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(people.channel(anna).id(), "198.51.100.4")
                        .getFirst()
                        .keyName())
                .isNull();
        assertThat(broadcasting
                        .attempts(people.channel(anna).id(), "192.0.2.99")
                        .getFirst()
                        .keyName())
                .isNotNull();
        assertThat(broadcasting.strangers().getFirst().remote()).isEqualTo("198.51.100.…");
        // At home the browser came by way of ::1 and the encoder did not.
        authorization.refused(
                new PublishQuestion(UUID.randomUUID(), "127.0.0.1", "OBS", Optional.empty(), Optional.of("typo")),
                Refusal.UNKNOWN_KEY,
                OptionalLong.empty());
        assertThat(broadcasting
                        .attempts(people.channel(anna).id(), "0:0:0:0:0:0:0:1")
                        .getFirst()
                        .keyName())
                .isNull();
    }
}
