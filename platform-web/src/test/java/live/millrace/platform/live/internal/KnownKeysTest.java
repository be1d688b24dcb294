// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.StreamKeyEncryption;
import live.millrace.platform.channel.StreamKeyRevoked;
import live.millrace.platform.channel.Visibility;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.event.TransactionalEventListenerFactory;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class KnownKeysTest {
    /** Nobody hears what became of a commit. */
    private static final class Unheard extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            // there is nothing behind it
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            throw new TransactionSystemException("The answer was lost");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            // there is nothing behind it
        }
    }

    private static ChannelView channel(long accountId, String name) {
        return new ChannelView(
                accountId,
                accountId,
                true,
                name,
                name,
                "",
                "",
                null,
                null,
                null,
                null,
                List.of(),
                "en",
                false,
                0,
                false,
                Visibility.PUBLIC,
                null);
    }

    @Test
    void aRevocationCountsAlsoWhenItsCommitIsNeverAnswered() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(TransactionalEventListenerFactory.class);
            context.registerBean(Clock.class, Clock::systemUTC);
            context.registerBean(KnownKeys.class);
            context.refresh();
            KnownKeys keys = context.getBean(KnownKeys.class);
            keys.accepted("secret", channel(1, "anna"), 7, true, Optional.empty(), keys.losses());
            assertThat(keys.find("secret")).isPresent();

            TransactionTemplate transaction = new TransactionTemplate(new Unheard());
            assertThatThrownBy(() ->
                            transaction.executeWithoutResult(_ -> context.publishEvent(new StreamKeyRevoked(1, 7))))
                    .hasMessage("The answer was lost");

            assertThat(keys.find("secret")).isEmpty();
        }
    }

    /** Its old passphrase, or none, would do while the database is away. */
    @Test
    void aPassphraseThatChangedIsNotRemembered() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(TransactionalEventListenerFactory.class);
            context.registerBean(Clock.class, Clock::systemUTC);
            context.registerBean(KnownKeys.class);
            context.refresh();
            KnownKeys keys = context.getBean(KnownKeys.class);
            keys.accepted("secret", channel(1, "anna"), 7, true, Optional.of("three quiet herons"), keys.losses());
            keys.accepted("another", channel(1, "anna"), 8, true, Optional.empty(), keys.losses());
            assertThat(keys.find("secret").orElseThrow().passphrase()).contains("three quiet herons");
            assertThat(keys.find("secret").orElseThrow()).asString().doesNotContain("herons");

            TransactionTemplate transaction = new TransactionTemplate(new Unheard());
            assertThatThrownBy(() ->
                            transaction.executeWithoutResult(_ -> context.publishEvent(new StreamKeyEncryption(7))))
                    .hasMessage("The answer was lost");

            assertThat(keys.find("secret")).isEmpty();
            assertThat(keys.find("another")).isPresent();
        }
    }

    /** Whoever may stream no more may with none of their channels. */
    @Test
    void aSuspensionCountsForAllChannelsOfAnAccount() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(TransactionalEventListenerFactory.class);
            context.registerBean(Clock.class, Clock::systemUTC);
            context.registerBean(KnownKeys.class);
            context.refresh();
            KnownKeys keys = context.getBean(KnownKeys.class);
            keys.accepted("own", channel(1, "anna"), 7, true, Optional.empty(), keys.losses());
            keys.accepted("extra", channel(1, "annas-garden"), 8, true, Optional.empty(), keys.losses());
            keys.accepted("another", channel(2, "bob"), 9, true, Optional.empty(), keys.losses());

            TransactionTemplate transaction = new TransactionTemplate(new Unheard());
            assertThatThrownBy(() -> transaction.executeWithoutResult(
                            _ -> context.publishEvent(new StreamingSuspended(1, "anna"))))
                    .hasMessage("The answer was lost");

            assertThat(keys.find("own")).isEmpty();
            assertThat(keys.find("extra")).isEmpty();
            assertThat(keys.find("another")).isPresent();
        }
    }

    /** Somebody who published for hours comes back as if the key had been accepted a moment ago. */
    @Test
    void aKeyThatWasOnAirIsKnownFromItsEnd() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(noon);
        KnownKeys keys = new KnownKeys(new SetClock(now));
        keys.accepted("secret", channel(1, "anna"), 7, true, Optional.empty(), keys.losses());
        keys.accepted("another", channel(2, "bob"), 8, true, Optional.empty(), keys.losses());
        now.set(noon.plus(Duration.ofHours(3)));

        keys.ended(7);

        assertThat(keys.find("secret").orElseThrow().at()).isEqualTo(now.get());
        assertThat(keys.find("another").orElseThrow().at()).isEqualTo(noon);
    }

    /** A clock that a test sets. */
    private static final class SetClock extends Clock {
        private final AtomicReference<Instant> now;

        SetClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }
}
