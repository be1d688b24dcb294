// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.util.List;

/** Who is live, the most watched first. */
public record LiveDirectory(List<LiveCard> live) {
    public LiveDirectory {
        live = List.copyOf(live);
    }
}
