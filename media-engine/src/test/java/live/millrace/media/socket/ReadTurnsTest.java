// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadTurnsTest {
    private static final int FEW = 4;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ReadTurns turns = new ReadTurns(FEW);
    private final List<String> told = new ArrayList<>();

    private ReadTurns.Reader join(String name) {
        ReadTurns.Reader reader = next -> told.add(name + (next ? "" : " at once"));
        turns.join(channel.eventLoop(), reader);
        return reader;
    }

    private void aRoundPasses() {
        for (int i = 0; i < ReadTurns.TURN_MILLIS; i++) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void fewHaveNoTurns() {
        for (int i = 0; i < FEW; i++) {
            join("reader " + i);
        }
        aRoundPasses();
        assertThat(told).isEmpty();
    }

    @Test
    void eachOfManyHasOneInARound() {
        for (int i = 0; i < 40; i++) {
            join("reader " + i);
        }
        aRoundPasses();
        assertThat(told).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void whoLeavesGetsNoneAndWhenFewAreLeftTheyAreReadAsItComes() {
        List<ReadTurns.Reader> readers = new ArrayList<>();
        for (int i = 0; i <= FEW; i++) {
            readers.add(join("reader " + i));
        }
        turns.leave(channel.eventLoop(), readers.get(0));
        aRoundPasses();
        assertThat(told).containsExactlyInAnyOrder("reader 1", "reader 2", "reader 3", "reader 4");
        told.clear();
        turns.leave(channel.eventLoop(), readers.get(1));
        assertThat(told).containsExactlyInAnyOrder("reader 2 at once", "reader 3 at once", "reader 4 at once");
        told.clear();
        aRoundPasses();
        assertThat(told).isEmpty();
    }

    @Test
    void oneThatFailsCostsNoneOfTheOthersTheirs() {
        for (int i = 0; i < FEW; i++) {
            join("reader " + i);
        }
        turns.join(channel.eventLoop(), _ -> {
            throw new IllegalStateException("it fails");
        });
        aRoundPasses();
        assertThat(told).hasSize(FEW);
        aRoundPasses();
        assertThat(told).hasSize(2 * FEW);
    }
}
