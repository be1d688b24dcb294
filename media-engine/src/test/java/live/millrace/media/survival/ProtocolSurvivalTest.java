// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** What is sent: the protocol, strangers before they publish, media, containers of MPEG. */
class ProtocolSurvivalTest extends Survival {
    ProtocolSurvivalTest() {
        super(Stream.of(
                ProtocolCases.all(),
                StrangerCases.all(),
                MediaCases.all(),
                ContainerCases.all(),
                SrtCases.all(),
                SrtCallerCases.all()));
    }
}
