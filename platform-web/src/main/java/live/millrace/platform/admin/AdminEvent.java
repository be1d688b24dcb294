// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.util.List;

/**
 * What is on air and how much waits, as the console shows it, and the message that keeps it so.
 *
 * @param openCases reports and appeals that nobody took yet
 */
public record AdminEvent(String type, List<LiveWall.Tile> live, int openCases) {
    AdminEvent(List<LiveWall.Tile> live, int openCases) {
        this("live", List.copyOf(live), openCases);
    }
}
