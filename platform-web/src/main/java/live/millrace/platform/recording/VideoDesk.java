// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/** Changes videos. Whoever calls has asked {@link VideoAccess} first. Thread-safe. */
public interface VideoDesk {
    int MAX_TITLE = 100;
    int MAX_DESCRIPTION = 5_000;
    int MAX_CHAPTER_TITLE = 80;

    /** What a moment is called that nobody named. */
    String UNNAMED = "•";

    /** More in one video nobody reads. */
    int MAX_CHAPTERS = 200;

    /**
     * What shall be otherwise; null stays as it is.
     *
     * @param pinned it is kept whatever the age
     */
    record Edit(
            @Nullable String title,
            @Nullable String description,
            @Nullable Visibility visibility,
            @Nullable Boolean pinned) {
        /** Only who may see it. */
        public static Edit visibility(Visibility visibility) {
            return new Edit(null, null, visibility, null);
        }
    }

    /**
     * Edits a video.
     *
     * @param staff it is done by the site, not by those who run the channel: they cannot show again what the site took from view
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> edit(String id, Edit edit, boolean staff);

    /**
     * Deletes a video; for a week it can be had back.
     *
     * @param by the account that does it
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> delete(String id, long by, boolean staff);

    /** Has a deleted video back; answers whether it could be. */
    boolean restore(String id, boolean staff);

    /**
     * Names a moment of what a channel broadcasts now.
     *
     * @return the video; empty when nothing is recorded, or it has as many chapters as there can be
     */
    Optional<String> mark(long channelId, String title);

    /**
     * Names a moment of a video.
     *
     * @param atMillis in media time
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> chapter(String id, long atMillis, String title);

    /** Gives a chapter another name; answers whether it is there. */
    boolean renameChapter(String id, Instant at, String title);

    /** Removes a chapter; answers whether it was there. */
    boolean removeChapter(String id, Instant at);
}
