// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Optional;
import live.millrace.platform.channel.Visibility;

/** Who may see what was recorded. Thread-safe; may block. */
@FunctionalInterface
public interface RecordedVisibility {
    /** Whose a recording is, and who may see it. */
    record Of(long channelId, Visibility visibility) {}

    /** Empty for one that is not there. */
    Optional<Of> of(String recording);
}
