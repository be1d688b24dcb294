// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of addresses that answer and do not. */
class ReachabilityTest {
    private final AtomicLong now = new AtomicLong();
    private final Reachability one = new Reachability("one.example", now::get);
    private final Reachability other = new Reachability("other.example", now::get);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void start() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Reachability.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Reachability.class)).detachAppender(log);
    }

    private long lines() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .count();
    }

    private void flap() {
        for (int i = 0; i < 100; i++) {
            one.failed(new IOException("status 503"));
            one.answered();
        }
    }

    @Test
    void oneThatComesAndGoesHasAPairOfLinesAMinute() {
        flap();
        assertThat(lines()).isEqualTo(2);
        now.addAndGet(TimeUnit.SECONDS.toNanos(61));
        flap();
        assertThat(lines()).isEqualTo(4);
    }

    @Test
    void oneThatGoesAgainWithinTheMinuteAndStaysAwayIsToldOfAfterIt() {
        flap();
        one.failed(new IOException("status 503"));
        assertThat(lines()).isEqualTo(2);
        now.addAndGet(TimeUnit.SECONDS.toNanos(61));
        one.failed(new IOException("status 503"));
        assertThat(lines()).isEqualTo(3);
    }

    @Test
    void theAnswersOfOneSayNothingOfAnother() {
        one.failed(new IOException("status 503"));
        other.answered();
        assertThat(lines()).isOne();
        other.failed(new IOException("status 503"));
        assertThat(log.list.getLast().getFormattedMessage()).contains("other.example");
        assertThat(lines()).isEqualTo(2);
    }
}
