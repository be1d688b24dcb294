// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that is to become a video.
 *
 * @param id its public name
 * @param fileName as it is called where it comes from: it says nothing here
 * @param bytes of the file
 * @param received of them
 * @param percent of the work that follows, once all are there
 * @param refusal what stands against it: the engine's word, or {@code FAILED}; null while nothing does
 * @param codec that is not taken, where it is about one
 * @param video that it became; null before
 */
public record UploadView(
        String id,
        long channelId,
        String fileName,
        String title,
        long bytes,
        long received,
        State state,
        int percent,
        @Nullable String refusal,
        @Nullable String codec,
        @Nullable String video,
        Instant createdAt,
        Instant changedAt) {
    /** Where it is. */
    public enum State {
        /** Bytes come, or may. */
        RECEIVING,
        /** All are there, and others are before it. */
        WAITING,
        /** It is being taken in. */
        IMPORTING,
        /** There is a video. */
        DONE,
        /** It is not taken, and {@code refusal} says why. */
        FAILED,
        /** Somebody wanted it no more. */
        CANCELLED;

        /** Whether it goes on. */
        public boolean open() {
            return this == RECEIVING || this == WAITING || this == IMPORTING;
        }
    }
}
