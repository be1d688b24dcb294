// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A camera that is off does not fill the log. */
class NewsTest {
    @Test
    void theSameIsSaidOnceUntilItRan() {
        Logger logger = (Logger) LoggerFactory.getLogger(FetchedStream.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            News news = new News();
            for (int i = 0; i < 100; i++) {
                news.say("no connection");
            }
            news.say("wrong log-in");
            news.over();
            news.say("wrong log-in");
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list.stream()
                        .filter(event -> event.getLevel() == Level.INFO)
                        .map(ILoggingEvent::getFormattedMessage))
                .containsExactly("no connection", "wrong log-in", "wrong log-in");
    }
}
