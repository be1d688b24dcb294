// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.TooBusyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashPlacesTest {
    private final ExecutorService people = Executors.newCachedThreadPool();
    private final List<String> served = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        people.shutdownNow();
    }

    private CompletableFuture<Void> comes(HashPlaces places, String name, int rank) throws Exception {
        int before = places.waiting();
        CompletableFuture<Void> done = CompletableFuture.runAsync(
                () -> {
                    places.enter(name, rank);
                    served.add(name);
                    places.leave(name);
                },
                people);
        Wait.until(name + " stands in line", Duration.ofSeconds(5), () -> places.waiting() > before || done.isDone());
        return done;
    }

    @Test
    void eachInTurnAndKnownBrowsersFirst() throws Exception {
        HashPlaces places = new HashPlaces(1, 64, Duration.ofSeconds(20));
        places.enter("flood", 2);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(comes(places, "flood", 2));
        }
        all.add(comes(places, "stranger", 2));
        all.add(comes(places, "newcomer", 3));
        all.add(comes(places, "pupil", 2));
        all.add(comes(places, "owner", 0));
        places.leave("flood");
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertThat(served).startsWith("owner", "stranger", "newcomer", "pupil").hasSize(9);
    }

    @Test
    void nobodyHasTwoPlaces() throws Exception {
        HashPlaces places = new HashPlaces(2, 64, Duration.ofSeconds(20));
        places.enter("flood", 2);
        CompletableFuture<Void> second = comes(places, "flood", 2);
        comes(places, "stranger", 2).join();
        assertThat(second).isNotDone();
        places.leave("flood");
        second.join();
        assertThat(served).containsExactly("stranger", "flood");
    }

    @Test
    void aFullLineLetsGoOfItsLastForWhoeverComesBefore() throws Exception {
        HashPlaces places = new HashPlaces(1, 2, Duration.ofSeconds(20));
        places.enter("flood", 2);
        CompletableFuture<Void> first = comes(places, "flood", 2);
        CompletableFuture<Void> last = comes(places, "flood", 2);
        assertThatThrownBy(() -> places.enter("flood", 2)).isInstanceOf(TooBusyException.class);
        CompletableFuture<Void> stranger = CompletableFuture.runAsync(
                () -> {
                    places.enter("stranger", 2);
                    places.leave("stranger");
                },
                people);
        assertThatThrownBy(last::join).hasCauseInstanceOf(TooBusyException.class);
        places.leave("flood");
        stranger.join();
        first.join();
    }

    @Test
    void nobodyWaitsForLong() {
        HashPlaces places = new HashPlaces(1, 64, Duration.ofMillis(20));
        places.enter("flood", 2);
        assertThatThrownBy(() -> places.enter("stranger", 2)).isInstanceOf(TooBusyException.class);
        assertThat(places.waiting()).isZero();
    }
}
