// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;

/** Who may publish, and the cause when not. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PublishAuthorizationTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private PublishAuthorization authorization;

    private static PublishQuestion question(String secret, String channel) {
        return new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.ofNullable(channel), Optional.ofNullable(secret));
    }

    @Test
    void theGateKnowsEachCause() {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        String secret = key.secret();
        assertThat(authorization.mayPublish(question(secret, null)))
                .asInstanceOf(InstanceOfAssertFactories.type(PublishAnswer.Yes.class))
                .satisfies(yes -> {
                    assertThat(yes.channel()).isEqualTo(anna.getUsername());
                    assertThat(yes.keyId()).isEqualTo(key.key().id());
                    assertThat(yes.resumption()).isEmpty();
                    assertThat(yes.recording())
                            .hasValueSatisfying(id -> assertThat(id).hasSize(11));
                });
        assertThat(authorization.mayPublish(question(secret, anna.getUsername())))
                .isInstanceOf(PublishAnswer.Yes.class);
        assertThat(authorization.mayPublish(question(null, null))).isEqualTo(new PublishAnswer.No(Refusal.NO_KEY));
        assertThat(authorization.mayPublish(question("mr_nonsense", null)))
                .isEqualTo(new PublishAnswer.No(Refusal.UNKNOWN_KEY));
        assertThat(authorization.mayPublish(question("' or 1=1 --", null)))
                .isEqualTo(new PublishAnswer.No(Refusal.UNKNOWN_KEY));
        assertThat(authorization.mayPublish(question(secret, "somebody")))
                .isEqualTo(new PublishAnswer.No(Refusal.WRONG_CHANNEL));
        Instant until = Instant.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.MICROS);
        keys.block(key.key().id(), until);
        assertThat(authorization.mayPublish(question(secret, null)))
                .isEqualTo(new PublishAnswer.No(Refusal.KEY_BLOCKED));
        keys.unblock(key.key().id(), until);
        assertThat(authorization.mayPublish(question(secret, null))).isInstanceOf(PublishAnswer.Yes.class);
        accounts.suspend(anna.accountId(), "spam", null);
        assertThat(authorization.mayPublish(question(secret, null)))
                .isEqualTo(new PublishAnswer.No(Refusal.ACCOUNT_SUSPENDED));
        accounts.restore(anna.accountId());
        keys.revoke(people.channel(anna).id(), key.key().id());
        assertThat(authorization.mayPublish(question(secret, null)))
                .isEqualTo(new PublishAnswer.No(Refusal.KEY_REVOKED));
    }
}
