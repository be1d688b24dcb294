// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.stream.Stream;

/** What is sent by RTSP and RTP. */
class RtspSurvivalTest extends Survival {
    RtspSurvivalTest() {
        super(Stream.of(RtspCases.all()));
    }
}
