// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.account.RegistrationLimit;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/** How often an address may try. Buckets that nobody uses are forgotten; their number is bounded. */
@Component
class Limits implements RegistrationLimit {
    private static final int MAX_BUCKETS = 100_000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(2);

    /** Of one address: a school behind one address logs in as well. */
    private static final int LOGINS_PER_ADDRESS = 60;

    /** Of a /24, or a /48 of IPv6: who rents one of those has many addresses. */
    private static final int LOGINS_PER_NETWORK = 240;

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

    /**
     * Takes one try to log in of an address and of the network around it; answers how long to wait when there is none left, else zero.
     * Nothing else is asked or counted then.
     */
    Duration tryLogin(String remoteAddress) {
        long address = login("address", RemoteAddress.network(remoteAddress), LOGINS_PER_ADDRESS, remoteAddress)
                .tryConsumeAndReturnRemaining(1)
                .getNanosToWaitForRefill();
        if (address > 0) {
            return Duration.ofNanos(address);
        }
        return Duration.ofNanos(
                login("network", SignInTries.network(remoteAddress, 24, 48), LOGINS_PER_NETWORK, remoteAddress)
                        .tryConsumeAndReturnRemaining(1)
                        .getNanosToWaitForRefill());
    }

    /** A right password gives its try back: a school whose pupils know theirs has no limit. */
    void loggedIn(String remoteAddress) {
        login("address", RemoteAddress.network(remoteAddress), LOGINS_PER_ADDRESS, remoteAddress)
                .addTokens(1);
        login("network", SignInTries.network(remoteAddress, 24, 48), LOGINS_PER_NETWORK, remoteAddress)
                .addTokens(1);
    }

    private Bucket login(String what, String which, int tries, String remoteAddress) {
        return bucket("login-" + what + " " + which, tries * share(remoteAddress), LOGIN_WINDOW);
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
