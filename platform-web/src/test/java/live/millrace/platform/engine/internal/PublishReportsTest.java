// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.platform.shared.DatabaseState;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class PublishReportsTest {
    private static final class State implements DatabaseState {
        private final CompletableFuture<Void> back = new CompletableFuture<>();

        @Override
        public boolean away() {
            return !back.isDone();
        }

        @Override
        public CompletionStage<Void> here() {
            return back;
        }
    }

    private final State database = new State();
    private final PublishReports reports = new PublishReports(database);
    private final List<String> made = new CopyOnWriteArrayList<>();
    private final AtomicInteger strangers = new AtomicInteger();

    private void whenBack(Runnable report) {
        if (database.away()) {
            throw new DataAccessResourceFailureException("gone", new SQLException("gone", "08006"));
        }
        report.run();
    }

    @Test
    void aFloodOfStrangersDuringAnAbsenceCostsNobodyElseTheirEntries() {
        reports.add(() -> whenBack(() -> made.add("before")));
        for (int sent = 0; sent < 20_000; sent++) {
            reports.addOfStranger(() -> whenBack(strangers::incrementAndGet));
        }
        reports.add(() -> whenBack(() -> made.add("published")));
        reports.add(() -> whenBack(() -> made.add("ended")));

        database.back.complete(null);
        reports.close();

        assertThat(made).containsExactly("before", "published", "ended");
        assertThat(strangers).hasValue(PublishReports.MOST_STRANGERS);
    }

    @Test
    void strangersHaveRoomAgainWhenTheirEntriesAreMade() {
        database.back.complete(null);
        for (int sent = 0; sent < 2 * PublishReports.MOST_STRANGERS; sent++) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            reports.addOfStranger(() -> {
                strangers.incrementAndGet();
                one.complete(null);
            });
            one.join();
        }
        reports.close();

        assertThat(strangers.get()).isGreaterThan(PublishReports.MOST_STRANGERS);
    }
}
