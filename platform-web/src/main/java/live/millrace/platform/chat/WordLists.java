// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Words that stop a message: those of the site, and those of a channel. Thread-safe. */
public interface WordLists {
    int MAX_WORDS = 2_000;
    int MAX_LENGTH = 100;

    /** What happens to a message with such a word. */
    enum Effect {
        /** It waits until one of the channel's people allows it. */
        HOLD,
        BLOCK
    }

    record Word(long id, String word, Effect effect) {}

    /** @param channelId null for the site's own */
    List<Word> of(@Nullable Long channelId);

    /**
     * Adds words; those that are there already get the effect.
     *
     * @return how many were added or changed; those that are empty, too long or too many are left out
     */
    int add(@Nullable Long channelId, List<String> words, Effect effect);

    boolean remove(@Nullable Long channelId, long id);

    /** What the words of the site and of a channel say to a message; empty when nothing. */
    Optional<Effect> verdict(long channelId, String text);
}
