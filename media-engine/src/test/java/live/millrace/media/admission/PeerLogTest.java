// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whoever knocks all day long fills no disk. */
class PeerLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(PeerLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long now;
    private final PeerLog log = new PeerLog(() -> now);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
    }

    private void say(String address) throws Exception {
        log.say(logger, InetAddress.getByName(address), "refused " + address);
    }

    private List<String> said() {
        return lines.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aNetworkHasOneLineAMinuteAndTheNextOneCounts() throws Exception {
        for (int i = 0; i < 200; i++) {
            say("198.51.100." + i);
        }
        say("203.0.113.1");
        assertThat(said()).containsExactly("refused 198.51.100.0", "refused 203.0.113.1");
        now += TimeUnit.MINUTES.toNanos(1);
        say("198.51.100.7");
        say("203.0.113.1");
        assertThat(said().subList(2, 4))
                .containsExactly(
                        "refused 198.51.100.7 (199 like it from its network were not said)", "refused 203.0.113.1");
    }

    @Test
    void manyNetworksTogetherAreBoundedAsWell() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            say("2001:db8:" + Integer.toHexString(i) + "::1");
        }
        assertThat(said()).hasSize(PeerLog.LINES_PER_MINUTE);
        now += TimeUnit.MINUTES.toNanos(1);
        say("2001:db8:3e7::1");
        assertThat(said()).hasSize(PeerLog.LINES_PER_MINUTE + 1);
        assertThat(said().getLast()).contains("(1 like it");
    }
}
