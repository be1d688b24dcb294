// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.chat.WordLists.Effect;
import live.millrace.platform.chat.WordLists.Word;
import org.ahocorasick.trie.Emit;
import org.ahocorasick.trie.Trie;

/**
 * Finds all words of a list in one pass over a message, however long the list is (Aho and Corasick, 1975). A word of an alphabet
 * has to stand alone, so that a short one is not found inside harmless ones; with a star at an end it need not stand alone there.
 * Words of Chinese, which puts no spaces, are found anywhere.
 */
final class WordMatcher {
    private record Entry(Effect effect, boolean openStart, boolean openEnd) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Trie trie;

    WordMatcher(Collection<Word> words) {
        Trie.TrieBuilder builder = Trie.builder();
        for (Word word : words) {
            String text = word.word().strip();
            boolean openStart = text.startsWith("*");
            boolean openEnd = text.endsWith("*");
            String folded = FoldedText.of(text.replace("*", "").strip());
            if (!folded.isEmpty()) {
                entries.merge(
                        folded,
                        new Entry(word.effect(), openStart, openEnd),
                        (one, other) -> new Entry(
                                one.effect() == Effect.BLOCK ? Effect.BLOCK : other.effect(),
                                one.openStart() || other.openStart(),
                                one.openEnd() || other.openEnd()));
                builder.addKeyword(folded);
            }
        }
        this.trie = builder.build();
    }

    /** Whether there is anything to find. */
    boolean empty() {
        return entries.isEmpty();
    }

    /** What is to be done with a message, however it is read, see {@link FoldedText#readings}; the harder of two effects. */
    Optional<Effect> verdict(Collection<String> readings) {
        Optional<Effect> verdict = Optional.empty();
        for (String reading : readings) {
            Optional<Effect> one = verdict(reading);
            if (one.filter(Effect.BLOCK::equals).isPresent()) {
                return one;
            }
            verdict = one.isPresent() ? one : verdict;
        }
        return verdict;
    }

    private Optional<Effect> verdict(String foldedText) {
        Effect verdict = null;
        if (!entries.isEmpty()) {
            for (Emit emit : trie.parseText(foldedText)) {
                Entry entry = entries.get(emit.getKeyword());
                if (entry != null
                        && verdict != Effect.BLOCK
                        && (entry.openStart() || startsThere(foldedText, emit.getStart()))
                        && (entry.openEnd() || endsThere(foldedText, emit.getEnd() + 1))) {
                    verdict = entry.effect();
                }
            }
        }
        return Optional.ofNullable(verdict);
    }

    private static boolean startsThere(String message, int start) {
        return start == 0 || !joined(message.codePointBefore(start), message.codePointAt(start));
    }

    private static boolean endsThere(String message, int end) {
        return end >= message.length() || !joined(message.codePointBefore(end), message.codePointAt(end));
    }

    /** Whether two characters can be of one word of an alphabet. */
    private static boolean joined(int one, int other) {
        return alphabetic(one) && alphabetic(other);
    }

    private static boolean alphabetic(int point) {
        return Character.isLetterOrDigit(point) && !Character.isIdeographic(point);
    }
}
