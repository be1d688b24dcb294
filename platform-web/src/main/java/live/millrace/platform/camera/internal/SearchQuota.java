// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** How often one person may ask a whole network. Thread-safe. */
@Component
class SearchQuota {
    static final Duration BETWEEN = Duration.ofSeconds(10);

    private static final int MOST_REMEMBERED = 100_000;

    private final Cache<Long, Boolean> asked;

    @Autowired
    SearchQuota() {
        this(Ticker.systemTicker());
    }

    SearchQuota(Ticker ticker) {
        asked = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(BETWEEN)
                .ticker(ticker)
                .build();
    }

    /** Takes the search of a person; false when the last one was a moment ago. */
    boolean take(long accountId) {
        return asked.asMap().putIfAbsent(accountId, true) == null;
    }
}
