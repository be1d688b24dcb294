// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** How much and how often: load, and publishers that come and go. */
class LoadSurvivalTest extends Survival {
    LoadSurvivalTest() {
        super(Stream.of(LoadCases.all()));
    }
}
