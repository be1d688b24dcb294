// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import live.millrace.platform.shared.SiteKey;
import org.springframework.stereotype.Component;

/**
 * What an authenticator signs, so that no answer is good twice. The site knows its own by its signature: it keeps nothing of those that
 * it gives out, which any stranger may ask for, and remembers those alone with which somebody was let in.
 */
@Component
class Challenges {
    /** A log-in page may stand open for a while. */
    private static final Duration VALID = Duration.ofHours(1);

    private static final int RANDOM_BYTES = 16;
    private static final int SIGNED_BYTES = RANDOM_BYTES + Long.BYTES;
    private static final int ALL_BYTES = SIGNED_BYTES + 32;
    private static final int MOST_USED = 200_000;

    private final SiteKey key;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Cache<ByteBuffer, Boolean> used =
            Caffeine.newBuilder().maximumSize(MOST_USED).expireAfterWrite(VALID).build();

    Challenges(SiteKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /** @param purpose what it is asked for, and of whom; it is good for nothing else */
    byte[] make(String purpose) {
        byte[] nonce = new byte[RANDOM_BYTES];
        random.nextBytes(nonce);
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .put(nonce)
                .putLong(clock.instant().plus(VALID).getEpochSecond())
                .array();
        return ByteBuffer.allocate(ALL_BYTES)
                .put(signed)
                .put(key.sign("challenge " + purpose, signed))
                .array();
    }

    /** Whether it is one of ours, for this, and neither old nor used. */
    boolean good(String purpose, byte[] challenge) {
        if (challenge.length != ALL_BYTES) {
            return false;
        }
        byte[] signed = Arrays.copyOf(challenge, SIGNED_BYTES);
        return MessageDigest.isEqual(
                        key.sign("challenge " + purpose, signed),
                        Arrays.copyOfRange(challenge, SIGNED_BYTES, ALL_BYTES))
                && ByteBuffer.wrap(signed).getLong(RANDOM_BYTES)
                        > clock.instant().getEpochSecond()
                && used.getIfPresent(ByteBuffer.wrap(challenge)) == null;
    }

    /** Answers whether it was the first time. */
    boolean use(byte[] challenge) {
        return used.asMap().putIfAbsent(ByteBuffer.wrap(challenge.clone()), true) == null;
    }
}
