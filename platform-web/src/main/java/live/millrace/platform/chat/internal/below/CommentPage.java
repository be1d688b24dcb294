// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some comments below a video, the newest first.
 *
 * @param open whether people can comment on the channel's videos; where they cannot none are shown
 * @param count of all of them
 * @param next where to go on; null at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommentPage(
        boolean open,
        long count,
        List<Comment> comments,
        @Nullable Long next) {
    static final CommentPage CLOSED = new CommentPage(false, 0, List.of(), null);

    /**
     * A comment as whoever asks sees it.
     *
     * @param mine whether it is theirs
     * @param removable whether they may delete it
     */
    public record Comment(
            long id, Instant at, Author author, List<CommentToken> tokens, boolean mine, boolean removable) {}

    /**
     * Who wrote it.
     *
     * @param name unique; of a guest what stands in the place of a user name, and empty when they are forgotten
     * @param display of a guest as they called themselves, which is not unique and may be an account's
     * @param avatar an address
     * @param owner whether the channel is theirs
     * @param guest true of a guest without an account; null of others
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Author(
            String name,
            String display,
            @Nullable String avatar,
            boolean owner,
            @Nullable Boolean guest) {}
}
