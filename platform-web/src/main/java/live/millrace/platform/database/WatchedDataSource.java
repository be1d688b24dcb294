// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The pool, for whoever cannot wait for a database that is away: then there is a failure at once. A pool that is only busy is waited
 * for. The pool's own time limit has to be short, for it is how an absence is noticed.
 */
final class WatchedDataSource extends DelegatingDataSource {
    /** For a pool all of whose connections are at work. */
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    private final DataSource pool;
    private final DatabaseProbe probe;

    WatchedDataSource(DataSource pool, DatabaseProbe probe) {
        super(pool);
        this.pool = pool;
        this.probe = probe;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long end = System.nanoTime() + BUSY_LIMIT.toNanos();
        while (true) {
            if (probe.away()) {
                throw new SQLTransientConnectionException("the database is away", "08001");
            }
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException late) {
                // The pool says why it could make no connection; without a reason it only had none to give.
                Throwable why = late.getCause();
                if (why != null && !probe.justBack()) {
                    probe.gone(String.valueOf(why.getMessage()));
                } else if (System.nanoTime() > end) {
                    throw late;
                }
            }
        }
    }
}
