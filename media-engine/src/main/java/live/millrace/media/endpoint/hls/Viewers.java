// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import live.millrace.media.http.HttpQuery;

/**
 * Who watches one broadcast: play sessions that asked for a playlist in the last 30 seconds. A browser is known by the id that
 * its page sends, other players by address and User-Agent. Thread-safe.
 */
final class Viewers {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Beyond this the count stands still: somebody invents ids. */
    private static final int MAX_REMEMBERED = 200_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern BOT =
            Pattern.compile("bot|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|embedly|curl|wget");

    private final ConcurrentHashMap<String, Long> lastSeen = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    Viewers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes a request for the media playlist. */
    void seen(HttpQuery query) {
        if (query.parameter(HlsEndpoint.PREVIEW).isPresent()) {
            return;
        }
        String agent = query.headers().get("User-Agent", "");
        if (BOT.matcher(agent.toLowerCase(Locale.ROOT)).find()) {
            return;
        }
        String key = query.parameter(HlsEndpoint.VIEWER)
                .filter(id -> ID.matcher(id).matches())
                .orElseGet(() -> query.remoteAddress().getAddress().getHostAddress() + ' ' + agent.hashCode());
        if (lastSeen.size() < MAX_REMEMBERED || lastSeen.containsKey(key)) {
            lastSeen.put(key, nanoTime.getAsLong());
        }
    }

    /** How many there are now. */
    int count() {
        long now = nanoTime.getAsLong();
        lastSeen.values().removeIf(seen -> now - seen > WINDOW_NANOS);
        return lastSeen.size();
    }
}
