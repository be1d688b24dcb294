// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whoever asks much about one delays nobody who asks about another. */
class FairTasksTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final FairTasks tasks = new FairTasks(threads::add, 2, 6, 4);

    private void ask(String subject, String name) {
        tasks.submit(subject, () -> done.add(name));
    }

    private void finish() {
        threads.remove().run();
    }

    @Test
    void turnsGoRound() {
        for (int i = 1; i <= 4; i++) {
            ask("long", "long " + i);
        }
        assertThat(threads).as("one of a subject at a time").hasSize(1);
        ask("short", "short 1");
        ask("other", "other 1");
        assertThat(threads).as("two at once").hasSize(2);
        while (!threads.isEmpty()) {
            finish();
        }
        assertThat(done).containsExactly("long 1", "short 1", "other 1", "long 2", "long 3", "long 4");
    }

    @Test
    void whatWaitsIsBounded() {
        for (int i = 0; i < 5; i++) {
            ask("long", "long");
        }
        assertThatThrownBy(() -> ask("long", "too many")).isInstanceOf(RejectedExecutionException.class);
        ask("second", "goes on at once");
        ask("third", "waits");
        ask("fourth", "waits");
        assertThatThrownBy(() -> ask("fifth", "too many")).isInstanceOf(RejectedExecutionException.class);
        while (!threads.isEmpty()) {
            finish();
        }
        assertThat(done).hasSize(8);
    }

    @Test
    void oneThatFailsStopsNobody() {
        tasks.submit("long", () -> {
            throw new IllegalStateException("broken");
        });
        ask("long", "the next");
        assertThatThrownBy(this::finish).isInstanceOf(IllegalStateException.class);
        finish();
        assertThat(done).containsExactly("the next");
    }
}
