// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class AfterAbsenceTest {
    private static final class State implements DatabaseState {
        private boolean away;

        @Override
        public boolean away() {
            return away;
        }

        @Override
        public CompletionStage<Void> here() {
            return CompletableFuture.completedStage(null);
        }
    }

    private final State database = new State();
    private final AfterAbsence absence = new AfterAbsence(database);
    private final List<String> done = new ArrayList<>();

    private static RuntimeException missing() {
        return new DataAccessResourceFailureException("gone", new SQLException("gone", "08006"));
    }

    @Test
    void whatMissedTheDatabaseIsDoneWhenItIsBack() {
        database.away = true;
        absence.add(() -> done.add("first"));
        absence.add(() -> done.add("second"));
        absence.catchUp();
        assertThat(done).isEmpty();

        database.away = false;
        absence.catchUp();
        absence.catchUp();

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whatMissesItAgainIsDoneLaterAndCostsTheOthersNothing() {
        AtomicInteger tries = new AtomicInteger();
        absence.add(() -> {
            if (tries.incrementAndGet() < 3) {
                throw missing();
            }
            done.add("third time");
        });
        absence.add(() -> {
            throw new IllegalStateException("a fault of its own");
        });
        absence.add(() -> done.add("beside"));

        absence.catchUp();
        absence.catchUp();
        absence.catchUp();
        absence.catchUp();

        assertThat(done).containsExactly("beside", "third time");
        assertThat(tries).hasValue(3);
    }

    @Test
    void whatNeverSucceedsIsGivenUp() {
        AtomicInteger tries = new AtomicInteger();
        absence.add(() -> {
            tries.incrementAndGet();
            throw missing();
        });

        for (int i = 0; i < 2 * AfterAbsence.TRIES; i++) {
            absence.catchUp();
        }

        assertThat(tries).hasValue(AfterAbsence.TRIES);
    }
}
