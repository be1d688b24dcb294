// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Arrays;
import live.millrace.platform.shared.DatabaseState;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps the queue's library from writing a trace for each of its looks that the database went away under: that it is away is said once,
 * and elsewhere. Whatever else it has to say is heard.
 */
final class QuietScheduler extends TurboFilter {
    private static final String LIBRARY = "com.github.kagkarlsson.";

    private QuietScheduler() {
        setName("quiet-scheduler");
    }

    /** Once for each process. */
    static void install() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging
                && logging.getTurboFilterList().stream().noneMatch(QuietScheduler.class::isInstance)) {
            logging.addTurboFilter(new QuietScheduler());
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        return failure != null && logger.getName().startsWith(LIBRARY) && away(failure)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    /** Of a roll-back that fails as well the library says so, without its cause; why there was one stands beside it. */
    private static boolean away(Throwable failure) {
        return DatabaseState.causes(failure)
                || Arrays.stream(failure.getSuppressed()).anyMatch(DatabaseState::causes);
    }
}
