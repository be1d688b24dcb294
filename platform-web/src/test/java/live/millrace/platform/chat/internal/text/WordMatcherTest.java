// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.chat.WordLists.Effect;
import live.millrace.platform.chat.WordLists.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words are found however they are spelled, and only where they are meant. */
class WordMatcherTest {
    private static Optional<Effect> verdict(String message, Word... words) {
        return new WordMatcher(List.of(words)).verdict(FoldedText.readings(message));
    }

    private static Word hold(String word) {
        return new Word(1, word, Effect.HOLD);
    }

    private static Word block(String word) {
        return new Word(2, word, Effect.BLOCK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "viagra",
                "VIAGRA now",
                "ＶＩＡＧＲＡ",
                "v\u200Bi\u200Da\u2060gra",
                "vіаgrа", // Cyrillic i and a
                "ⓥⓘⓐⓖⓡⓐ",
                "𝓿𝓲𝓪𝓰𝓻𝓪",
                "v1agra",
                "vi@gr@",
                "víägrå",
                "v\u0336i\u0336a\u0336g\u0336r\u0336a",
                "buy:viagra!",
                "看viagra看"
            })
    void aWordIsFoundInEverySpelling(String message) {
        assertThat(verdict(message, hold("Viagra"))).contains(Effect.HOLD);
    }

    @ParameterizedTest
    @CsvSource({
        "fuck, f.u.c.k",
        "fuck, f u c k",
        "fuck, well f-u-c-k you",
        "fuck, F_U_C_K",
        "fuck, fuuuuck",
        "fuck, ffffuuuucccckkkk",
        "fuck, f.uck",
        "fuck, fuc-k",
        "fuck, 🇫🇺🇨🇰",
        "fuck, 🇫 🇺 🇨 🇰",
        "fuck, 🅵🆄🅲🅺",
        "fuck, f\u200Bu\u200Bu\u200Bu\u200Bck",
        "ass, asssss",
        "ass, aaassss",
        "fuck, you ffffuck fuuuuckkkk",
        "asshole, aaassshhhollle",
        "ass, a.s.s",
        "cum, c.u.m"
    })
    void aWordIsSeenThroughItsDisguise(String word, String message) {
        assertThat(verdict(message, hold(word))).contains(Effect.HOLD);
    }

    /** Of the kind of Scunthorpe: what is inside another word, or in two words side by side, was not said. */
    @ParameterizedTest
    @CsvSource({
        "cunt, Scunthorpe",
        "tit, a title",
        "ass, as soon as possible",
        "ass, as s.o.o.n",
        "ass, class.assess",
        "cum, cucumber",
        "cum, vitamin c umm",
        "penis, the pen.is blue",
        "god, good",
        "con, coon",
        "ass, class aaa sss",
        "ass, aaa was sooo good",
        "us, I love 🇺🇸",
        "hell, hello",
        "hell, he'll be there",
        "usa, u.s.a.f."
    })
    void whatWasNotSaidIsNotFound(String word, String message) {
        assertThat(verdict(message, hold(word))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u2800",
                "\u3164",
                "\u2800\u2800 \uFE0F",
                "\u115F\u1160",
                "\u0301",
                "\uFFFC",
                "\u034F",
                "\u200B\u2060",
                "  "
            })
    void aCommentOfNothingIsEmpty(String typed) {
        assertThat(MessageText.clean(typed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"❤️", "👨‍👩‍👧", "é", "நி", "!", "🇺🇸"})
    void whatIsSeenStays(String typed) {
        assertThat(MessageText.clean(typed)).isEqualTo(typed);
    }

    @ParameterizedTest
    @CsvSource({"繁體字, 繁体字", "繁体字, 我說繁體字呢", "垃圾, 这是垃圾信息", "垃圾, 垃\u200b圾"})
    void chineseIsFoundAnywhereAndInBothScripts(String word, String message) {
        assertThat(verdict(message, hold(word))).contains(Effect.HOLD);
    }

    @ParameterizedTest
    @CsvSource({"ass, a classic", "ass, assassin", "cum, document", "hello, 你好"})
    void aShortWordIsNotFoundInsideAnother(String word, String message) {
        assertThat(verdict(message, hold(word))).isEmpty();
    }

    @Test
    void aStarStandsForMoreLetters() {
        assertThat(verdict("a spammer", hold("spam*"))).isPresent();
        assertThat(verdict("antispam", hold("spam*"))).isEmpty();
        assertThat(verdict("antispam", hold("*spam"))).isPresent();
        assertThat(verdict("antispammer", hold("*spam*"))).isPresent();
    }

    @Test
    void theHarderEffectCounts() {
        assertThat(verdict("one two", hold("one"), block("two"))).contains(Effect.BLOCK);
        assertThat(verdict("two one", hold("one"), block("two"))).contains(Effect.BLOCK);
        assertThat(verdict("one", hold("one"), block("one"))).contains(Effect.BLOCK);
    }

    @Test
    void noListSaysNothing() {
        assertThat(verdict("anything at all")).isEmpty();
        assertThat(verdict("anything", hold("*"), hold("  "))).isEmpty();
    }

    /** Work grows with the message, not with the list: what makes an expression explode is a text like any other. */
    @Test
    void aLongListAndAHostileLineAreOnePass() {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            words.add(new Word(i, "a".repeat(i % 90 + 1) + "b" + i, Effect.HOLD));
        }
        words.add(hold("needle"));
        WordMatcher matcher = new WordMatcher(words);
        assertThat(matcher.verdict(FoldedText.readings("a".repeat(3_900) + " needle")))
                .contains(Effect.HOLD);
        assertThat(matcher.verdict(FoldedText.readings("a".repeat(4_000)))).isEmpty();
    }
}
