// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** What is fetched: cameras, and those that call themselves so. */
class SourceSurvivalTest extends Survival {
    SourceSurvivalTest() {
        super(Stream.of(SourceCases.all()));
    }
}
