// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.List;
import live.millrace.platform.live.AttemptView;

/** The connection log, and the message that keeps it so. */
public record AttemptsEvent(String type, List<AttemptView> attempts) {
    AttemptsEvent(List<AttemptView> attempts) {
        this("attempts", List.copyOf(attempts));
    }
}
