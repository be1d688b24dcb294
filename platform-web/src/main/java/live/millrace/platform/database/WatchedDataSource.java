// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import live.millrace.platform.shared.SomebodyWaits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The pool, for whoever cannot wait for a database that is away: then there is a failure at once. A pool that is only busy is waited
 * for. The pool's own time limit has to be short, for it is how an absence is noticed.
 */
final class WatchedDataSource extends DelegatingDataSource {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedDataSource.class);

    /** For a pool all of whose connections are at work. */
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    /** What is remembered is looked through when it is more than pools have. */
    private static final int MOST_REMEMBERED = 100;

    private final DataSource pool;
    private final DatabaseProbe probe;

    /** In use for somebody who waits for an answer, or were. */
    private final Set<Connection> waited = ConcurrentHashMap.newKeySet();

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
                return remembered(pool.getConnection());
            } catch (SQLTransientConnectionException late) {
                // The pool says why it could make no connection; without a reason it only had none to give.
                Throwable why = late.getCause();
                if (why != null && !probe.justBack()) {
                    probe.gone(String.valueOf(why.getMessage()));
                } else if (System.nanoTime() > end) {
                    throw late;
                } else if (why == null) {
                    probe.doubt();
                }
            }
        }
    }

    private Connection remembered(Connection connection) throws SQLException {
        if (SomebodyWaits.here()) {
            if (waited.size() >= MOST_REMEMBERED) {
                for (Iterator<Connection> all = waited.iterator(); all.hasNext(); ) {
                    if (all.next().isClosed()) {
                        all.remove();
                    }
                }
            }
            waited.add(connection);
        }
        return connection;
    }

    /**
     * Breaks the connections on which somebody waits for an answer that does not come. Those of long work are left: it is worth waiting for,
     * and goes on when the server does.
     */
    void cut() {
        for (Iterator<Connection> all = waited.iterator(); all.hasNext(); ) {
            Connection each = all.next();
            all.remove();
            try {
                each.abort(Runnable::run);
            } catch (SQLException gone) {
                LOG.debug("A connection could not be broken", gone);
            }
        }
    }
}
