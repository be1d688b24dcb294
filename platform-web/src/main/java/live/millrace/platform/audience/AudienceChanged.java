// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import org.jspecify.annotations.Nullable;

/**
 * Whoever may see a channel is to be looked at anew: somebody may not any more, or may. Published in the transaction that changes it;
 * what watches is looked at after that.
 *
 * @param accountId who alone is meant; null for everybody
 */
public record AudienceChanged(long channelId, @Nullable Long accountId) {
    /** Anybody may be meant. */
    public AudienceChanged(long channelId) {
        this(channelId, null);
    }
}
