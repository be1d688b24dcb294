// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.util.List;

/** Who is live, as the home page shows it, and the message that keeps it so. */
public record LiveDirectory(String type, List<LiveCard> live) {
    public LiveDirectory(List<LiveCard> live) {
        this("directory", List.copyOf(live));
    }
}
