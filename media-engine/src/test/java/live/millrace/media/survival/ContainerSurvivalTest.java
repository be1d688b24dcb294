// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** What comes in containers of MPEG. */
class ContainerSurvivalTest extends Survival {
    ContainerSurvivalTest() {
        super(Stream.of(ContainerCases.all()));
    }
}
