// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Feeds of one loop share a timer, and nothing else. */
class FlushClockTest {
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final FlushClock clock = new FlushClock(FanoutConfig.defaults());
    private final List<String> flushed = new ArrayList<>();

    private void pass() {
        loop.advanceTimeBy(10, TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
    }

    @Test
    void aFlushThatFailsCostsNoOther() {
        clock.schedule(loop.eventLoop(), () -> flushed.add("one"), 10);
        clock.schedule(
                loop.eventLoop(),
                () -> {
                    throw new IllegalStateException("it fails");
                },
                10);
        clock.schedule(loop.eventLoop(), () -> flushed.add("two"), 10);
        pass();
        assertThat(flushed).containsExactly("one", "two");
        clock.schedule(loop.eventLoop(), () -> flushed.add("three"), 10);
        pass();
        clock.schedule(loop.eventLoop(), () -> flushed.add("four"), 10);
        pass();
        assertThat(flushed).containsExactly("one", "two", "three", "four");
        loop.finishAndReleaseAll();
    }
}
