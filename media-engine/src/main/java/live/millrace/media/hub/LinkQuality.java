// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.OptionalLong;

/**
 * How a publisher's packets come through, where some of them may be lost on the way.
 *
 * @param roundTripMillis there and back; empty where nobody measures it
 * @param lostPercent of the packets of the last ten seconds that were missing at first, 0 to 100
 * @param retransmitted packets that came because they were asked for, since the session began
 * @param dropped packets that came too late or not at all, since the session began
 * @param bufferedMillis how much media waits for what is missing; empty where nobody knows
 */
public record LinkQuality(
        OptionalLong roundTripMillis,
        double lostPercent,
        long retransmitted,
        long dropped,
        OptionalLong bufferedMillis) {}
