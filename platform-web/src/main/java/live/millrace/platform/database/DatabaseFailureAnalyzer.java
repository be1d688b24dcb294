// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A start that ends because the database does not answer, or says no. */
final class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
        return new FailureAnalysis(
                "The database cannot be used: " + cause.getMessage(),
                "Check spring.datasource.url, .username and .password, and that PostgreSQL runs there.",
                cause);
    }
}
