// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.shared.AddressRange;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/**
 * How many mails people may have sent to an address (ADR 57). Strangers share what there is for a recipient, and each of their networks
 * has less: no form of ours floods a third person, and what strangers used up is back within the hour. Whoever comes with a known browser,
 * or from where they came before, has their own.
 */
@Component
class MailBudget {
    /** Of one network, to whomever. */
    private static final int FROM_NETWORK = 40;

    private static final int FROM_WIDE_NETWORK = 120;

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 25;

    private static final int OWN = 10;
    private static final int TO_ONE_FROM_NETWORK = 4;
    private static final int TO_ONE = 5;

    private final KnownDevices devices;
    private final KnownAddresses addresses;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    MailBudget(KnownDevices devices, KnownAddresses addresses) {
        this.devices = devices;
        this.addresses = addresses;
    }

    /**
     * Takes a mail, if there is one left.
     *
     * @param account whose address it is known to be; empty where nobody proved it
     */
    boolean take(String email, OptionalLong account, HttpServletRequest request) {
        String address = request.getRemoteAddr();
        String network = network(address, 24, 64);
        String wide = network(address, 24, 48);
        int share = RemoteAddress.nearby(address) ? NEARBY : 1;
        if (!bucket("from " + network, FROM_NETWORK * share).tryConsume(1)
                || !bucket("from wide " + wide, FROM_WIDE_NETWORK * share).tryConsume(1)) {
            return false;
        }
        // Both are asked for an address of nobody as well: an answer takes as long.
        long id = account.orElse(0);
        boolean device = devices.knows(id, request);
        boolean familiar = addresses.familiar(id, address);
        if (device || familiar) {
            return slow("own " + id + (device ? " device" : " " + address), OWN).tryConsume(1);
        }
        String to = email.strip().toLowerCase(Locale.ROOT);
        return slow("to " + to + " from " + network, TO_ONE_FROM_NETWORK).tryConsume(1)
                && buckets.get(
                                "to " + to,
                                _ -> Bucket.builder()
                                        .addLimit(
                                                limit -> limit.capacity(TO_ONE).refillGreedy(1, Duration.ofHours(1)))
                                        .build())
                        .tryConsume(1);
    }

    private Bucket bucket(String key, int perDay) {
        return buckets.get(
                key,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perDay).refillGreedy(perDay, Duration.ofDays(1)))
                        .build());
    }

    /** One in a minute as well. */
    private Bucket slow(String key, int perDay) {
        return buckets.get(
                key,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(1).refillGreedy(1, Duration.ofMinutes(1)))
                        .addLimit(limit -> limit.capacity(perDay).refillGreedy(perDay, Duration.ofDays(1)))
                        .build());
    }

    private static String network(String address, int v4, int v6) {
        return AddressRange.parse(address)
                .flatMap(single -> single.within(v4, v6))
                .map(AddressRange::toString)
                .orElse(address);
    }
}
