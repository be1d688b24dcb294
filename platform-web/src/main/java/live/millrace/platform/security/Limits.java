// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.account.RegistrationLimit;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/** How often an address or a name may try. Buckets that nobody uses are forgotten; their number is bounded. */
@Component
class Limits implements RegistrationLimit {
    private static final int MAX_BUCKETS = 100_000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(2);

    /** Of one account: a person who forgot which password it was. */
    private static final int LOGINS_PER_NAME = 10;

    /** Of one address: a school behind one address logs in as well. */
    private static final int LOGINS_PER_ADDRESS = 60;

    private static final Duration LOGIN_WINDOW = Duration.ofMinutes(10);

    private static final int REGISTRATIONS = 30;
    private static final Duration REGISTRATION_WINDOW = Duration.ofHours(1);

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .build();
    private final TimeMeter time;

    Limits(Clock clock) {
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return TimeUnit.MILLISECONDS.toNanos(clock.millis());
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    /** Takes one try to log in; answers how long to wait when there is none left, else zero. */
    Duration tryLogin(String name, String remoteAddress) {
        long address = bucket(
                        "login-address " + RemoteAddress.network(remoteAddress),
                        LOGINS_PER_ADDRESS * share(remoteAddress),
                        LOGIN_WINDOW)
                .tryConsumeAndReturnRemaining(1)
                .getNanosToWaitForRefill();
        long account = bucket(nameKey(name), LOGINS_PER_NAME, LOGIN_WINDOW)
                .tryConsumeAndReturnRemaining(1)
                .getNanosToWaitForRefill();
        return Duration.ofNanos(Math.max(address, account));
    }

    /** A right password gives the name its tries back. */
    void loggedIn(String name) {
        buckets.invalidate(nameKey(name));
    }

    private static String nameKey(String name) {
        String folded = name.strip().toLowerCase(Locale.ROOT);
        return "login-name " + folded.substring(0, Math.min(folded.length(), 254));
    }

    @Override
    public boolean tryRegister(String remoteAddress) {
        return bucket(
                        "register " + RemoteAddress.network(remoteAddress),
                        REGISTRATIONS * share(remoteAddress),
                        REGISTRATION_WINDOW)
                .tryConsume(1);
    }

    private static int share(String remoteAddress) {
        return RemoteAddress.nearby(remoteAddress) ? NEARBY : 1;
    }

    private Bucket bucket(String key, int capacity, Duration window) {
        return buckets.get(
                key,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, window))
                        .withCustomTimePrecision(time)
                        .build());
    }
}
