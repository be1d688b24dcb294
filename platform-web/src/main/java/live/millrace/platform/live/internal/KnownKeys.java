// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.StreamKeyBlocked;
import live.millrace.platform.channel.StreamKeyEncryption;
import live.millrace.platform.channel.StreamKeyRevoked;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Keys that were accepted a short while ago, by hash, so that an encoder comes back while the database is away. What takes the right
 * from a key or its owner takes it from here as well, also when nobody can say whether it was committed: a key that is forgotten for
 * nothing is asked for again. Bounded: the one that was longest unused goes.
 */
@Component
class KnownKeys {
    static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST = 10_000;

    /**
     * @param accountId whose channel it is
     * @param streamer whether its owner may stream where only some may
     * @param passphrase what SRT has to be encrypted with; empty: what the server says
     */
    record Known(
            String channel,
            long channelId,
            long accountId,
            long keyId,
            boolean streamer,
            Optional<String> passphrase,
            Instant at) {
        private Known at(Instant later) {
            return new Known(channel, channelId, accountId, keyId, streamer, passphrase, later);
        }

        /** A secret may stand here. */
        @Override
        public String toString() {
            return "Known[" + channel + " " + keyId + "]";
        }
    }

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };
    private long losses;

    KnownKeys(Clock clock) {
        this.clock = clock;
    }

    /** To be taken before the question, so that what is lost while it is answered is not remembered. */
    long losses() {
        lock.lock();
        try {
            return losses;
        } finally {
            lock.unlock();
        }
    }

    void accepted(
            String secret,
            ChannelView channel,
            long keyId,
            boolean streamer,
            Optional<String> passphrase,
            long lossesBefore) {
        lock.lock();
        try {
            if (losses == lossesBefore) {
                known.put(
                        hash(secret),
                        new Known(
                                channel.name(),
                                channel.id(),
                                channel.accountId(),
                                keyId,
                                streamer,
                                passphrase,
                                clock.instant()));
            }
        } finally {
            lock.unlock();
        }
    }

    void refused(String secret) {
        lock.lock();
        try {
            known.remove(hash(secret));
        } finally {
            lock.unlock();
        }
    }

    /** Somebody published with it until now: that counts like an acceptance. */
    void ended(long keyId) {
        lock.lock();
        try {
            known.replaceAll((_, key) -> key.keyId() == keyId ? key.at(clock.instant()) : key);
        } finally {
            lock.unlock();
        }
    }

    /** The key of a secret, as long ago as it may be. */
    Optional<Known> find(String secret) {
        lock.lock();
        try {
            return Optional.ofNullable(known.get(hash(secret)));
        } finally {
            lock.unlock();
        }
    }

    private void lose(Predicate<Known> which) {
        lock.lock();
        try {
            losses++;
            known.values().removeIf(which);
        } finally {
            lock.unlock();
        }
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(StreamKeyRevoked event) {
        lose(key -> key.keyId() == event.keyId());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(StreamKeyBlocked event) {
        lose(key -> key.keyId() == event.keyId());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(StreamKeyEncryption event) {
        lose(key -> key.keyId() == event.keyId());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(AccountSuspended event) {
        lose(key -> key.accountId() == event.accountId());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(StreamingSuspended event) {
        lose(key -> key.accountId() == event.accountId());
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(ChannelRemoved event) {
        lose(key -> key.channel().equals(event.name()));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    void on(RoleChanged event) {
        lose(key -> key.accountId() == event.accountId());
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
