// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.List;

/**
 * Figures of the last minutes, the oldest first.
 *
 * @param stepMillis between two of them
 * @param bitrates kilobits per second
 * @param frameRates frames per second
 */
public record HistoryEvent(String type, int stepMillis, List<Long> bitrates, List<Double> frameRates) {}
