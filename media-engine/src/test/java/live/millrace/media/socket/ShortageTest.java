// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No descriptors left: what a listening socket does, second by second. */
class ShortageTest {
    private final AtomicLong now = new AtomicLong();
    private final Shortage shortage = new Shortage(now::get);
    private final EmbeddedChannel listening = new EmbeddedChannel(shortage.guard());
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private int idle;

    @BeforeEach
    void start() {
        listening.freezeTime();
        log.start();
        ((Logger) LoggerFactory.getLogger(Shortage.class)).addAppender(log);
        shortage.spares(most -> {
            int closed = Math.min(most, idle);
            idle -= closed;
            return closed;
        });
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Shortage.class)).detachAppender(log);
        listening.finishAndReleaseAll();
    }

    private void fails() {
        listening.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        listening.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
    }

    @Test
    void theLongestIdleMakeRoomAndAcceptingGoesOnAtOnce() {
        idle = 1_000;
        fails();
        assertThat(listening.config().isAutoRead()).isFalse();
        assertThat(idle).isEqualTo(1_000 - Shortage.BATCH);
        pass(Shortage.SHORT_REST_MILLIS);
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void whenNobodyIsIdleAcceptingRests() {
        fails();
        pass(Shortage.SHORT_REST_MILLIS);
        assertThat(listening.config().isAutoRead()).isFalse();
        pass(Shortage.REST_MILLIS - Shortage.SHORT_REST_MILLIS);
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void oneLineAMinuteTellsOfAllFailures() {
        for (int i = 0; i < 241; i++) {
            fails();
            pass(Shortage.REST_MILLIS);
        }
        assertThat(log.list).hasSize(3);
        assertThat(log.list.get(1).getFormattedMessage())
                .contains("Too many open files")
                .contains("120 failures");
    }
}
