// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import org.jspecify.annotations.Nullable;

/**
 * Something happened to a video. Published in the transaction that it happened in: listeners hear it after the commit.
 *
 * @param id its public name
 * @param channelId null when its channel is no more
 */
public record VideoChanged(String id, @Nullable Long channelId, What what) {
    /** What happened. */
    public enum What {
        /** It has its first picture. */
        BEGAN,
        /** It is whole. */
        ENDED,
        /** Its words changed, or who sees it, or how long it is kept. */
        EDITED,
        /** Nobody finds it any more. */
        DELETED
    }
}
