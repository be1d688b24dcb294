// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTicketTest {
    @ParameterizedTest
    @CsvSource({
        "/t/abc/live/anna.m3u8, abc, /live/anna.m3u8",
        "/t/abc/live/anna.m3u8?v=1&t=x/y, abc, /live/anna.m3u8?v=1&t=x/y",
        "/t/abc/, abc, /",
        "/t//live/anna.m3u8, '', /live/anna.m3u8",
        "/t/%2e%2e/live/a.flv, %2e%2e, /live/a.flv",
        "/t/../live/a.flv, .., /live/a.flv",
        "/t/a/t/b/live/a.flv, a, /t/b/live/a.flv",
    })
    void standsBeforeThePath(String uri, String text, String rest) {
        assertThat(PathTicket.of(uri)).hasValue(new PathTicket(PathTicket.Kind.TICKET, text));
        assertThat(PathTicket.without(uri)).isEqualTo(rest);
    }

    @ParameterizedTest
    @CsvSource({
        "/k/1.2.abc/live/anna.m3u8, 1.2.abc, /live/anna.m3u8",
        "/k//live/anna.m3u8, '', /live/anna.m3u8",
        "/k/a/t/b/live/a.flv, a, /t/b/live/a.flv",
    })
    void aSignatureStandsThereToo(String uri, String text, String rest) {
        assertThat(PathTicket.of(uri)).hasValue(new PathTicket(PathTicket.Kind.SIGNATURE, text));
        assertThat(PathTicket.without(uri)).isEqualTo(rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/k",
                "/k/",
                "/k/abc",
                "/k/abc?x=/y/z",
                "/K/abc/live/a.flv",
                "/",
                "/t",
                "/t/",
                "/t/abc",
                "/t/abc?x=/y/z",
                "/t?/a/b",
                "/T/abc/live/a.flv",
                "/live/t/a/b",
                "t/a/b"
            })
    void mostPathsHaveNone(String uri) {
        assertThat(PathTicket.of(uri)).isEmpty();
        assertThat(PathTicket.without(uri)).isSameAs(uri);
    }

    @Test
    void showsNothingAndKeepsNothingThatIsTooLong() {
        assertThat(new PathTicket(PathTicket.Kind.TICKET, "secret").toString()).isEqualTo("/t/…");
        assertThat(new PathTicket(PathTicket.Kind.SIGNATURE, "secret").toString())
                .isEqualTo("/k/…");
        assertThat(PathTicket.of("/t/" + "a".repeat(65) + "/live/a.flv"))
                .hasValue(new PathTicket(PathTicket.Kind.TICKET, ""));
    }

    @FuzzTest(maxDuration = "30s")
    void whatIsStrippedAndWhatIsLeftAreAllThatWasThere(FuzzedDataProvider data) {
        String uri = data.consumeRemainingAsString();
        String rest = PathTicket.without(uri);
        if (PathTicket.of(uri).isPresent()) {
            assertThat(rest).startsWith("/");
            assertThat(uri.substring(0, 3)).isIn("/t/", "/k/");
            assertThat(uri).endsWith(rest);
            assertThat(uri.substring("/t/".length(), uri.length() - rest.length()))
                    .doesNotContain("/", "?");
        } else {
            assertThat(rest).isSameAs(uri);
        }
    }
}
