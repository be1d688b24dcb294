// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A cache of what a database or a network has. Whoever asks first fetches, on their own thread and outside of the map: a fetch that
 * takes long, fails, or asks for another key holds up those alone who want the same key. Thread-safe.
 */
public final class FetchedCache<K, V> {
    private final AsyncCache<K, V> cache;

    /**
     * @param bounds how much is kept and for how long
     */
    public FetchedCache(Caffeine<? super K, ? super V> bounds) {
        this.cache = bounds.buildAsync();
    }

    /** What is known of a key; fetched when nothing is. A fetch that throws leaves nothing behind; it does not ask for its own key. */
    public V get(K key, Function<? super K, ? extends V> fetch) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> theirs = cache.asMap().putIfAbsent(key, mine);
        if (theirs != null) {
            // Whoever waited in vain asks for themselves, and hears why it fails.
            return outcome(theirs).orElseGet(() -> fetch.apply(key));
        }
        try {
            V fetched = fetch.apply(key);
            mine.complete(fetched);
            return fetched;
        } finally {
            mine.cancel(false); // unless it is complete
        }
    }

    /** What is known of a key; waits for somebody who fetches it at this moment. */
    public Optional<V> awaited(K key) {
        CompletableFuture<V> there = cache.getIfPresent(key);
        return there == null ? Optional.empty() : outcome(there);
    }

    private static <V> Optional<V> outcome(CompletableFuture<V> fetched) {
        try {
            return Optional.of(fetched.join());
        } catch (CancellationException | CompletionException failed) {
            return Optional.empty();
        }
    }

    /** What is known of a key at this moment. */
    public Optional<V> present(K key) {
        return Optional.ofNullable(cache.synchronous().getIfPresent(key));
    }

    public void put(K key, V value) {
        cache.synchronous().put(key, value);
    }

    /** Forgets a key, also one that is being fetched: what is fetched for it is not kept. */
    public void invalidate(K key) {
        cache.asMap().remove(key);
    }

    /** Forgets everything, also what is being fetched. */
    public void clear() {
        cache.asMap().clear();
    }

    /** Forgets a key if it has this value. */
    public void remove(K key, V value) {
        cache.synchronous().asMap().remove(key, value);
    }

    public Set<K> keys() {
        return Set.copyOf(cache.asMap().keySet());
    }
}
