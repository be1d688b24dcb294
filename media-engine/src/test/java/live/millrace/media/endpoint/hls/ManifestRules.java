// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What ISO/IEC 23009-1 wants of the manifests of one broadcast. */
interface ManifestRules {
    WatchedBroadcast watched();

    /** ISO/IEC 23009-1 §5.4: over an encoder's return and a change of its picture as well. */
    @Test
    default void neitherTheZeroOfAManifestNorAPeriodsStartEverMoves() {
        Set<String> zeros = new LinkedHashSet<>();
        Map<String, String> starts = new LinkedHashMap<>();
        for (Element manifest : watched().manifests) {
            zeros.add(manifest.getAttribute("availabilityStartTime"));
            for (Element period : OnAir.elements(manifest, "Period")) {
                String before = starts.putIfAbsent(period.getAttribute("id"), period.getAttribute("start"));
                assertThat(before == null || before.equals(period.getAttribute("start")))
                        .as(before)
                        .isTrue();
            }
        }
        assertThat(zeros).hasSize(1);
        assertThat(starts).as("the broadcast, the return, the wide picture").hasSizeGreaterThanOrEqualTo(3);
        List<Duration> all = starts.values().stream().map(Duration::parse).toList();
        assertThat(all).isSorted();
    }

    @Test
    default void whatAPeriodConsistsOfNeverChanges() {
        Map<String, List<String>> tracks = new LinkedHashMap<>();
        for (Element manifest : watched().manifests) {
            for (Element period : OnAir.elements(manifest, "Period")) {
                List<String> now = OnAir.elements(period, "SegmentTemplate").stream()
                        .map(template -> template.getAttribute("initialization") + " "
                                + template.getAttribute("timescale") + " "
                                + template.getAttribute("presentationTimeOffset"))
                        .toList();
                List<String> before = tracks.putIfAbsent(period.getAttribute("id"), now);
                // A picture that sleeps leaves; it does not become another.
                assertThat(before == null || before.containsAll(now))
                        .as(before + " became " + now)
                        .isTrue();
            }
        }
    }
}
