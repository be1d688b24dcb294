// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.shared.RemoteAddress;
import live.millrace.platform.shared.Secrets;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Tokens that are shown at the page socket, which is not counted among the requests to the API. Each that nobody has costs a question to
 * the database: a network has so many of them, and is refused unasked afterwards, but for tokens that were good a while ago.
 */
@Component
class SocketTokens {
    private static final int UNKNOWN = 30;
    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final int MOST_NETWORKS = 100_000;
    private static final int MOST_GOOD = 10_000;

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    private static final PathPatternRequestMatcher SOCKET =
            PathPatternRequestMatcher.withDefaults().matcher("/api/v1/socket");

    private final AccessTokens tokens;
    private final Cache<String, Bucket> unknown = Caffeine.newBuilder()
            .maximumSize(MOST_NETWORKS)
            .expireAfterAccess(WITHIN)
            .build();

    /** By their hashes. They are asked about all the same: one that was good may be revoked. */
    private final Cache<ByteBuffer, Boolean> good = Caffeine.newBuilder()
            .maximumSize(MOST_GOOD)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    SocketTokens(AccessTokens tokens) {
        this.tokens = tokens;
    }

    /** Whose token it is that a request carries; empty where it is nobody's, or was not asked about. */
    Optional<AccessTokens.Bearer> bearer(HttpServletRequest request, String token) {
        if (!SOCKET.matches(request)) {
            return tokens.identify(token);
        }
        String address = request.getRemoteAddr();
        int most = UNKNOWN * (RemoteAddress.nearby(address) ? NEARBY : 1);
        Bucket left = unknown.get(
                RemoteAddress.network(address),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, WITHIN))
                        .build());
        ByteBuffer hash = ByteBuffer.wrap(Secrets.hash(token));
        boolean known = good.getIfPresent(hash) != null;
        // Taken before it is asked: those that come at once are as many.
        boolean taken = left.tryConsume(1);
        if (!taken && !known) {
            return Optional.empty();
        }
        Optional<AccessTokens.Bearer> bearer = tokens.identify(token);
        if (bearer.isPresent()) {
            good.put(hash, true);
            if (taken) {
                left.addTokens(1);
            }
        } else {
            good.invalidate(hash);
        }
        return bearer;
    }
}
