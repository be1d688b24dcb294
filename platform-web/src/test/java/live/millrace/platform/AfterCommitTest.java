// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ThreadLocalRandom;
import live.millrace.platform.WritingListener.Asked;
import live.millrace.platform.WritingListener.Way;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/** What listeners write after a commit is written, however they do it; what they were told of a transaction that failed is not. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AfterCommitTest {
    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    private long accountId() {
        String name = "c" + ThreadLocalRandom.current().nextLong(1_000_000_000_000L, 9_000_000_000_000L);
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal()
                .accountId();
    }

    private boolean written(Way way, long channelId, long accountId) {
        return switch (way) {
            case BY_ANNOTATION ->
                channels.find(channelId).orElseThrow().description().equals("written");
            case BY_TEMPLATE ->
                "zh-CN".equals(accounts.preferences(accountId).orElseThrow().language());
            case BY_JPA -> !keys.ofChannel(channelId).isEmpty();
        };
    }

    @ParameterizedTest
    @EnumSource
    void whatAListenerWritesAfterACommitIsWritten(Way way) {
        long accountId = accountId();
        long channelId = channels.ofAccount(accountId).id();

        transaction.executeWithoutResult(_ -> {
            channels.retitle(channelId, "before");
            events.publishEvent(new Asked(way, channelId, accountId));
        });

        assertThat(channels.find(channelId).orElseThrow().title()).isEqualTo("before");
        assertThat(written(way, channelId, accountId)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyHearsOfWhatWasRolledBack(Way way) {
        long accountId = accountId();
        long channelId = channels.ofAccount(accountId).id();

        assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> {
                    channels.retitle(channelId, "before");
                    events.publishEvent(new Asked(way, channelId, accountId));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(channels.find(channelId).orElseThrow().title()).isEmpty();
        assertThat(written(way, channelId, accountId)).isFalse();
    }
}
