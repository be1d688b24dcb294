// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.util.List;
import java.util.Optional;

/** Comments below videos, for other features. Thread-safe. */
public interface VideoComments {
    /**
     * A comment as it is kept, for moderators.
     *
     * @param video below which
     * @param comment what was said, numbered by the comment's own id
     */
    record Kept(String video, StoredMessage comment) {}

    /** Whether people can comment on a channel's videos. */
    boolean open(long channelId);

    /** Lets people comment on a channel's videos, or not; what was written is not shown while they cannot. */
    void open(long channelId, boolean open);

    /** A comment; empty when it never was, or its video or author is gone. */
    Optional<Kept> find(long id);

    /** A comment and its neighbours below the same video, the oldest first. */
    List<StoredMessage> around(long id, int each);

    /**
     * Removes a comment.
     *
     * @param by the account that does it
     * @return whether it was there
     */
    boolean hide(long id, long by);

    /** Puts a comment back that was removed. */
    void show(long id);
}
