// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
    @ParameterizedTest
    @CsvSource({
        // processors, MB, serial, heap, media
        "1, 512, true, 192m, 128m",
        "1, 1024, true, 256m, 170m",
        "2, 2048, true, 512m, 341m",
        "4, 4096, false, 1024m, 1024m",
        "8, 16384, false, 4096m, 5461m",
        "32, 65536, false, 8192m, 21845m",
        // A container with many processors and little memory.
        "16, 1024, true, 256m, 170m",
    })
    void theSiteIsAsLargeAsTheMachine(int processors, long megabytes, boolean serial, String heap, String media) {
        assertThat(new Machine(processors, megabytes << 20).siteOptions())
                .contains("-Xmx" + heap, "-XX:MaxDirectMemorySize=" + media)
                .satisfies(options ->
                        assertThat(options.contains("-XX:+UseSerialGC")).isEqualTo(serial));
    }

    @Test
    void everythingTogetherLeavesRoomForTheRest() {
        for (long gigabytes = 1; gigabytes <= 64; gigabytes *= 2) {
            long memory = gigabytes << 30;
            long chosen = new Machine(1, memory)
                    .siteOptions().stream()
                            .filter(each -> each.matches(".*[0-9]m"))
                            .mapToLong(each -> Long.parseLong(each.replaceAll("\\D+", "")) << 20)
                            .sum();
            assertThat(chosen).as(gigabytes + " GB").isLessThan(memory * 2 / 3);
        }
    }
}
