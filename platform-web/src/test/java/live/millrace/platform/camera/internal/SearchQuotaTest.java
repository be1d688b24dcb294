// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SearchQuotaTest {
    @Test
    void isOneInTenSecondsForEach() {
        AtomicLong time = new AtomicLong();
        SearchQuota quota = new SearchQuota(time::get);
        assertThat(quota.take(1)).isTrue();
        assertThat(quota.take(1)).isFalse();
        assertThat(quota.take(2)).isTrue();
        time.addAndGet(SearchQuota.BETWEEN.toNanos() - 1);
        assertThat(quota.take(1)).isFalse();
        time.addAndGet(2);
        assertThat(quota.take(1)).isTrue();
    }
}
