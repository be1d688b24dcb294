// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.time.Instant;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.Recording;

/**
 * A file that nobody wrote: its index in memory, its media in spans.
 *
 * @param recording what it was made of
 * @param builtAt when
 * @param entityTag quoted; another one for other bytes
 * @param headBytes what it takes in memory
 */
record Movie(
        Recording recording,
        Instant builtAt,
        HttpAnswer.Content.Joined content,
        String contentType,
        String entityTag,
        int headBytes) {
    private static final int PIECE_BYTES = 120;

    int weight() {
        return headBytes + PIECE_BYTES * content.pieces().size();
    }
}
