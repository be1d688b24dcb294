// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What of the queue's library is heard. */
class QuietSchedulerTest {
    private static final String LIBRARY = "com.github.kagkarlsson.scheduler.ExecutePicked";

    private static FilterReply decide(String logger, @Nullable Throwable failure) {
        QuietScheduler.install();
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger said = logging.getLogger(logger);
        return logging.getTurboFilterList().stream()
                .filter(QuietScheduler.class::isInstance)
                .map(filter -> filter.decide(null, said, Level.ERROR, "", null, failure))
                .findFirst()
                .orElseThrow();
    }

    private static SQLException gone() {
        return new SQLException("terminating connection due to unexpected postmaster exit", "57P01");
    }

    @Test
    void aDatabaseThatWentAwayIsNotTheLibrarysToTell() {
        assertThat(decide(LIBRARY, new SQLRuntimeException(gone()))).isEqualTo(FilterReply.DENY);
        assertThat(decide("live.millrace.platform.Other", new SQLRuntimeException(gone())))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void neitherIsARollBackThatFailedWithIt() {
        SQLRuntimeException rollBack = new SQLRuntimeException("Failed to rollback.", new SQLException("closed"));
        rollBack.addSuppressed(new SQLRuntimeException(gone()));
        assertThat(decide(LIBRARY, rollBack)).isEqualTo(FilterReply.DENY);
    }

    @Test
    void whateverElseItSaysIsHeard() {
        SQLRuntimeException rollBack = new SQLRuntimeException("Failed to rollback.", new SQLException("odd", "25P02"));
        rollBack.addSuppressed(new SQLRuntimeException(new SQLException("a column is missing", "42703")));
        assertThat(decide(LIBRARY, rollBack)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(LIBRARY, null)).isEqualTo(FilterReply.NEUTRAL);
    }
}
