// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import live.millrace.platform.shared.DatabaseState;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Connections for the queue's own threads, which have nothing else to do than to wait while the database is away. */
final class PatientConnections extends DelegatingDataSource {
    private final DatabaseState database;

    PatientConnections(DataSource source, DatabaseState database) {
        super(source);
        this.database = database;
    }

    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            try {
                return super.getConnection();
            } catch (SQLTransientConnectionException e) {
                if (!database.away()) {
                    throw e;
                }
                await(e);
            }
        }
    }

    private void await(SQLException missed) throws SQLException {
        try {
            database.here().toCompletableFuture().get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw missed;
        } catch (ExecutionException | CompletionException never) {
            throw missed;
        }
    }
}
