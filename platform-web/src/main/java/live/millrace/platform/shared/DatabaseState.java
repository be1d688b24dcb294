// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database answers. While it is away every question to it fails at once, and {@link #causes} tells such a failure from
 * one of the question's own. Thread-safe; nothing here blocks.
 */
public interface DatabaseState {
    /** The class of SQL states that are about the connection. */
    String CONNECTION = "08";

    /** PostgreSQL's words for "shut down by somebody", "crashed beside you", "not yet started". */
    Set<String> SERVER_GONE = Set.of("57P01", "57P02", "57P03");

    /** What the pool says, without a state, of a connection that it took away because it had died. */
    String TAKEN_AWAY = "Connection is closed";

    /** Causes of causes; a ring has no end. */
    int DEEPEST = 32;

    boolean away();

    /** Is done when the database answers: at once, or in a while, on a thread that must not be kept. */
    CompletionStage<Void> here();

    /** Whether something failed because the database could not be reached. */
    static boolean causes(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof SQLException sql && connection(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean connection(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException
                || (state != null && (state.startsWith(CONNECTION) || SERVER_GONE.contains(state)))
                || (state == null && TAKEN_AWAY.equals(failure.getMessage()));
    }
}
