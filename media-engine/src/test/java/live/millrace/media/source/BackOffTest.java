// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a source that failed is tried again. */
class BackOffTest {
    private long now;
    private final BackOff backOff = new BackOff(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void fails(int seconds) {
        assertThat(backOff.failed(SourceFailure.LOST, false)).isTrue();
        // And at most a quarter more.
        assertThat(Duration.ofNanos(backOff.remaining()))
                .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1_250L));
    }

    @Test
    void whatBreaksOffAtOnceIsAskedEverMoreSeldom() {
        for (int seconds : new int[] {1, 2, 5, 10, 30, 30}) {
            backOff.media();
            pass(Duration.ofSeconds(9));
            fails(seconds);
        }
        backOff.media();
        pass(Duration.ofSeconds(10));
        fails(1);
    }

    @Test
    void theSecondWrongPasswordIsTheLastWhateverCameInBetween() {
        assertThat(backOff.failed(SourceFailure.WRONG_LOGIN, false)).isTrue();
        assertThat(backOff.failed(SourceFailure.UNREACHABLE, false)).isTrue();
        assertThat(backOff.failed(SourceFailure.WRONG_LOGIN, false)).isFalse();
        backOff.reset();
        assertThat(backOff.failed(SourceFailure.WRONG_LOGIN, false)).isTrue();
        backOff.media();
        assertThat(backOff.failed(SourceFailure.WRONG_LOGIN, false))
                .as("the first was taken since")
                .isTrue();
    }
}
