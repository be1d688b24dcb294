// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times in a comment: what a person means by one, within the video, and nothing else of digits and colons. */
class CommentTokenTest {
    private static final long TWO_HOURS = 7_200;

    private static List<CommentToken> times(String text) {
        return CommentToken.of(text, TWO_HOURS, 0).stream()
                .filter(token -> token.t().equals("time"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            12:34                 | 12:34   | 754
            look at 0:07!         | 0:07    | 7
            (1:02:03)             | 1:02:03 | 3723
            开头 59:59，很好          | 59:59   | 3599
            at 1:59:59.           | 1:59:59 | 7199
            01:02 again           | 01:02   | 62
            """)
    void aTimeIsOne(String text, String written, long at) {
        assertThat(times(text)).containsExactly(new CommentToken("time", written, at));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2:00:00
            12:60
            1:2
            1:2:3
            112:34
            12:34:56:07
            a12:34
            12:34.5
            2026-11-27T12:34
            ::12:34
            https://example.org/?t=12:34
            """)
    void whatOnlyLooksLikeATimeIsText(String text) {
        assertThat(times(text)).isEmpty();
    }

    @Test
    void aTimeIsWhereItsMomentIsAfterATrim() {
        assertThat(CommentToken.of("0:30, 1:42 and 1:59:59", 7_000, -60_400))
                .contains(new CommentToken("time", "1:42", 41L))
                .filteredOn(token -> token.t().equals("time"))
                .hasSize(1);
        assertThat(CommentToken.of("at 0:30", TWO_HOURS, 60_000)).contains(new CommentToken("time", "0:30", 90L));
    }

    @Test
    void linksAndMentionsStandBesideTimes() {
        assertThat(CommentToken.of("@anna see https://example.org/a at 1:00, and :smile:", TWO_HOURS, 0))
                .extracting(CommentToken::t, CommentToken::v)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("mention", "anna"),
                        org.assertj.core.groups.Tuple.tuple("text", " see "),
                        org.assertj.core.groups.Tuple.tuple("link", "https://example.org/a"),
                        org.assertj.core.groups.Tuple.tuple("text", " at "),
                        org.assertj.core.groups.Tuple.tuple("time", "1:00"),
                        org.assertj.core.groups.Tuple.tuple("text", ", and :smile:"));
    }

    @Test
    void tokensTogetherSayWhatWasSaid() {
        Random random = new Random(7);
        String signs = "0123456789::::.-/@ab 时<é";
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(60), 0, signs.length())
                    .mapToObj(at -> signs.substring(at, at + 1))
                    .collect(Collectors.joining());
            String said = CommentToken.of(text, Long.MAX_VALUE, 0).stream()
                    .map(token -> (token.t().equals("mention") ? "@" : "") + token.v())
                    .collect(Collectors.joining());
            assertThat(said).isEqualTo(text);
        }
    }
}
