// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.platform.live.LiveDirectory;

/**
 * Tells open lists who is live. A page changes its numbers by it, and asks for itself anew when somebody came or went.
 *
 * @param viewers by channel, the most watched first; the first three hundred
 */
record DirectoryEvent(String type, int live, Map<String, Integer> viewers) {
    private static final int MAX_LISTED = 300;

    static DirectoryEvent of(LiveDirectory directory) {
        Map<String, Integer> viewers = new LinkedHashMap<>();
        directory.live().stream()
                .limit(MAX_LISTED)
                .forEach(card -> viewers.put(card.channel().name(), card.viewers()));
        return new DirectoryEvent("directory", directory.live().size(), viewers);
    }
}
