// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;

/** Files that become videos. Whoever calls has asked {@link VideoAccess} first. Thread-safe. */
public interface VideoUploads {
    /** Of one request: below the limits that proxies have, and short enough to be sent again. */
    int MAX_PIECE = 16 << 20;

    /** Of one channel, that go on at a time. */
    int MAX_OPEN = 5;

    int MAX_FILE_NAME = 255;

    /** Whether anything is uploaded here. */
    boolean enabled();

    /** The largest file that is taken, in bytes. */
    long mostBytes();

    /**
     * Begins an upload; nothing is reserved.
     *
     * @param account who sends it
     * @param title of the video; blank for the file's name
     * @throws UploadRefusedException if it is not taken
     */
    UploadView begin(ChannelView channel, long account, String fileName, String title, long bytes);

    /** Those of a channel that go on, and that ended lately; the newest first. */
    List<UploadView> ofChannel(long channelId);

    Optional<UploadView> find(long channelId, String id);

    /**
     * Takes the next piece. Blocks for the bytes and the disk; what came before the connection broke is kept.
     *
     * @param offset where it begins: what was received so far
     * @param body to its end, {@link #MAX_PIECE} at most
     * @return as it is then
     * @throws UploadRefusedException if it is not taken
     * @throws IOException if the bytes do not come, or cannot be written
     */
    UploadView append(UploadView upload, long offset, InputStream body) throws IOException;

    /** Nothing of it is wanted any more; answers false when it was over already. */
    boolean cancel(UploadView upload);
}
