// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.util.List;
import live.millrace.platform.engine.LiveView;

/** Who is live, as the console shows it, and the message that keeps it so. */
public record AdminMessage(String type, List<LiveView> live) {
    AdminMessage(List<LiveView> live) {
        this("live", List.copyOf(live));
    }
}
