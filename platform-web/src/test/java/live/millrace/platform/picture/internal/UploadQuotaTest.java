// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UploadQuotaTest {
    private static final long MEGABYTE = 1L << 20;

    private final UploadQuota quota = new UploadQuota();

    @Test
    void an_evening_of_emotes_is_welcome_and_a_flood_of_pictures_is_not() {
        for (int each = 0; each < 100; each++) {
            assertThat(quota.take(1, 20_000)).isTrue();
        }
        int more = 0;
        while (more < 100 && quota.take(1, 20_000)) {
            more++;
        }

        assertThat(more).isLessThan(25);
        assertThat(quota.take(2, 20_000)).as("of another person").isTrue();
    }

    @Test
    void bytes_count_as_well() {
        int taken = 0;
        while (taken < 100 && quota.take(3, 8 * MEGABYTE)) {
            taken++;
        }

        assertThat(taken).isBetween(20, 30);
    }
}
