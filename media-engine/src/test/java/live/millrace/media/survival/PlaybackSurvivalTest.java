// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** What becomes of it: clocks, a busy site, viewers. */
class PlaybackSurvivalTest extends Survival {
    PlaybackSurvivalTest() {
        super(Stream.of(ClockCases.all(), SiteCases.all(), HttpCases.all()));
    }
}
