// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that hangs holds up those who want the same, and nobody else. */
@Timeout(30)
class FetchedCacheTest {
    /** All in one place of the map. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return 1;
        }
    }

    private final FetchedCache<Key, String> cache =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(100));
    private final ExecutorService others = Executors.newFixedThreadPool(4);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<String> database = new CompletableFuture<>();

    @AfterEach
    void stop() {
        database.complete("late");
        others.shutdownNow();
    }

    private String hang(Key key) {
        asked.countDown();
        return database.join() + key.number();
    }

    @Test
    void aFetchThatHangsHoldsUpNoOtherKey() throws Exception {
        Future<String> slow = others.submit(() -> cache.get(new Key(1), this::hang));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cache.get(new Key(2), _ -> "quick")).isEqualTo("quick");
        cache.invalidate(new Key(2));
        assertThat(cache.present(new Key(1))).isEmpty();
        assertThat(slow.isDone()).isFalse();
        database.complete("there");
        assertThat(slow.get()).isEqualTo("there1");
        assertThat(cache.present(new Key(1))).contains("there1");
    }

    @Test
    void manyWhoWantTheSameFetchOnce() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(others.submit(() -> cache.get(new Key(1), key -> {
                fetched.incrementAndGet();
                return hang(key);
            })));
        }
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        database.complete("there");
        for (Future<String> one : all) {
            assertThat(one.get()).isEqualTo("there1");
        }
        assertThat(fetched).hasValue(1);
    }

    @Test
    void aFetchMayAskForAnotherKey() {
        assertThat(cache.get(new Key(1), _ -> cache.get(new Key(2), _ -> "two") + " and one"))
                .isEqualTo("two and one");
    }

    @Test
    void aFetchThatFailsLeavesNothingBehind() throws Exception {
        Future<String> failing = others.submit(() -> cache.get(new Key(1), this::hang));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        database.completeExceptionally(new IllegalStateException("no database"));
        assertThatThrownBy(failing::get).hasRootCauseMessage("no database");
        assertThat(cache.get(new Key(1), _ -> "again")).isEqualTo("again");
    }

    /** It asks for itself either way: behind a fetch that failed, or first when that is gone already. */
    @Test
    void whoeverWaitedInVainAsksByThemselves() throws Exception {
        Future<String> failing = others.submit(() -> cache.get(new Key(1), this::hang));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        Future<String> waiting = others.submit(() -> cache.get(new Key(1), _ -> "by itself"));
        database.completeExceptionally(new IllegalStateException("no database"));
        assertThatThrownBy(failing::get).hasRootCauseMessage("no database");
        assertThat(waiting.get()).isEqualTo("by itself");
    }

    @Test
    void whatIsForgottenWhileItIsFetchedIsNotKept() throws Exception {
        Future<String> slow = others.submit(() -> cache.get(new Key(1), this::hang));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        cache.invalidate(new Key(1));
        database.complete("old");
        assertThat(slow.get()).isEqualTo("old1");
        assertThat(cache.get(new Key(1), _ -> "new")).isEqualTo("new");
    }
}
