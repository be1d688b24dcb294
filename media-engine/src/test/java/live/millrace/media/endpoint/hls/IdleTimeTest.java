// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a stream is cut for nobody. */
class IdleTimeTest {
    private static long seconds(boolean fetched, int targetDuration) {
        return TimeUnit.NANOSECONDS.toSeconds(HlsEndpoint.idleNanos(fetched, targetDuration));
    }

    @Test
    void whatIsFetchedIsLetGoOfAfterThreeReloadsThatDidNotCome() {
        assertThat(seconds(true, 1)).isEqualTo(8);
        assertThat(seconds(true, 4)).isEqualTo(12);
        assertThat(seconds(true, 60)).isEqualTo(30);
    }

    @Test
    void whatComesByItselfIsNot() {
        assertThat(seconds(false, 1)).isEqualTo(30);
        assertThat(seconds(false, 10)).isEqualTo(30);
    }
}
