// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Optional;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/** Who may see what was recorded. Thread-safe; may block. */
@FunctionalInterface
public interface RecordedVisibility {
    /**
     * Whose a recording is, and who may see it.
     *
     * @param maker an account that may see it as well; null for none
     */
    record Of(
            long channelId, Visibility visibility, @Nullable Long maker) {}

    /** Empty for one that is not there. */
    Optional<Of> of(String recording);
}
