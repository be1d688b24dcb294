// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message becomes before anybody sees it. */
class MessageTextTest {
    private static final Map<String, String> EMOTES = Map.of("wave", "/emotes/wave.svg");

    @Test
    void aLineIsOneLine() {
        assertThat(MessageText.clean("  a\n\tb\u2028c \r\n")).isEqualTo("a b c");
    }

    @Test
    void nothingTurnsTheTextAround() {
        assertThat(MessageText.clean("a\u202Eb\u2066c\u200Fd")).isEqualTo("abcd");
    }

    /** The database takes none, and would refuse the messages of others beside it. */
    @Test
    void halvesOfCharactersAreLeftOut() {
        assertThat(MessageText.clean("a\ud800b\udc00c\ud83d\ude42")).isEqualTo("abc\ud83d\ude42");
    }

    @Test
    void towersOfAccentsAreCut() {
        assertThat(MessageText.clean("a" + "\u0489".repeat(40))).isEqualTo("a" + "\u0489".repeat(8));
    }

    @ParameterizedTest
    @CsvSource({"abc, 3", "你好, 2", "👩‍👩‍👧‍👦, 1", "🇨🇳, 1", "e\u0301, 1"})
    void charactersAreCountedAsAPersonDoes(String text, int count) {
        assertThat(MessageText.graphemes(text)).isEqualTo(count);
    }

    @Test
    void joinedEmojiSurvive() {
        assertThat(MessageText.clean("👩‍👩‍👧‍👦")).isEqualTo("👩‍👩‍👧‍👦");
    }

    @Test
    void mentionsLinksAndEmotesBecomeTokens() {
        assertThat(MessageParser.parse("hi @Anna :wave: see https://example.org/a?b=c. bye", EMOTES))
                .containsExactly(
                        Token.text("hi "),
                        new Token("mention", "Anna", null),
                        Token.text(" "),
                        new Token("emote", "wave", "/emotes/wave.svg"),
                        Token.text(" see "),
                        new Token("link", "https://example.org/a?b=c", null),
                        Token.text(". bye"));
    }

    @Test
    void anEmoteThatNobodyHasIsText() {
        assertThat(MessageParser.parse(":nothing:", EMOTES)).containsExactly(Token.text(":nothing:"));
    }

    @Test
    void anAddressOfMailIsNoMention() {
        assertThat(MessageParser.parse("me@anna.org", EMOTES)).containsExactly(Token.text("me@anna.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,<script>",
                "https://user:secret@example.org/",
                "http://",
                "https:///x",
                "http://\"onmouseover=alert(1)",
                "https://exa mple.org"
            })
    void onlyPlainAddressesBecomeLinks(String text) {
        assertThat(MessageParser.parse(text, EMOTES))
                .filteredOn(token -> token.t().equals("link"))
                .allSatisfy(token -> assertThat(token.v())
                        .matches("https?://[A-Za-z0-9.-]+.*")
                        .doesNotContain("\"", "@"));
    }

    /** Nor does it swallow the Chinese that follows without a space. */
    @Test
    void aHostInAnotherScriptIsNoLink() {
        assertThat(MessageParser.parse("https://аpple.com/x", EMOTES))
                .containsExactly(Token.text("https://аpple.com/x"));
        assertThat(MessageParser.parse("看https://example.org/a，很好", EMOTES))
                .containsExactly(Token.text("看"), new Token("link", "https://example.org/a", null), Token.text("，很好"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.b", "www.example", "go to example.com now", "EXAMPLE.CN"})
    void whatABrowserWouldOpenIsALink(String text) {
        assertThat(MessageParser.holdsLink(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.14", "hello.World", "a.b.c", "好的。", "1.com2"})
    void whatItWouldNotIsNone(String text) {
        assertThat(MessageParser.holdsLink(text)).isFalse();
    }

    /** Whatever comes, the tokens hold the text and nothing else. */
    @Test
    void tokensSayWhatTheLineSays() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        List<String> pieces = List.of(
                "@anna", ":wave:", "http://", "https://x.org", " ", "<b>", "\"", "好", ":", "@", "😀", ".", "&amp;");
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            String clean = MessageText.clean(text.toString());
            StringBuilder said = new StringBuilder();
            for (Token token : MessageParser.parse(clean, EMOTES)) {
                said.append(
                        switch (token.t()) {
                            case "mention" -> "@" + token.v();
                            case "emote" -> ":" + token.v() + ":";
                            default -> token.v();
                        });
            }
            assertThat(said.toString()).isEqualTo(clean);
        }
    }

    @Test
    void hostileLinesTakeNoTime() {
        String many = ("http://" + "a".repeat(300) + ":").repeat(12);
        assertThat(MessageParser.parse(many, EMOTES)).isNotEmpty();
        assertThat(MessageText.graphemes("a\u0301".repeat(2_000))).isEqualTo(2_000);
    }
}
