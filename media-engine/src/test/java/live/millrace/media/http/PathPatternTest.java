// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/live/{channel}.flv, /live/anna.flv, {channel=anna}",
        "/live/{channel}.ts.m3u8, /live/a-B_9.ts.m3u8, {channel=a-B_9}",
        "/live/{channel}/{track}.m3u8, /live/anna/0.m3u8, '{channel=anna, track=0}'",
        "/live/{channel}/{number}.{part}.m4s, /live/anna/12.3.m4s, '{channel=anna, number=12, part=3}'",
        "/api/v1/health, /api/v1/health, {}",
        "/{channel}/index.m3u8, /live/index.m3u8, {channel=live}",
        "/live/{stream:any}.flv, /live/a.b.flv, {stream=a.b}",
        "/live/{stream:any}.flv, /live/a.flv.flv, {stream=a.flv}",
        "/live/{stream:any}.flv, /live/a%2fb.flv, {stream=a%2fb}",
        "/live/{stream:any}.flv, /live/...flv, {stream=..}",
        "/{application:any}/{stream:any}.m3u8, /a.b/ä.m3u8, '{application=a.b, stream=ä}'",
        "/{application:any}/{stream:any}/{number}.ts, /a/b.c/7.ts, '{application=a, stream=b.c, number=7}'",
        "/live/{stream:any}, /live/a.b, {stream=a.b}",
    })
    void namesStandForWhatIsThere(String pattern, String path, String names) {
        assertThat(PathPattern.of(pattern).match(path)).hasToString(names);
    }

    @ParameterizedTest
    @CsvSource({
        "/live/{channel}.flv, /live/.flv",
        "/live/{channel}.flv, /live/anna.flv2",
        "/live/{channel}.flv, /live/anna.ts",
        "/live/{channel}.flv, /live/anna",
        "/live/{channel}.flv, /live/",
        "/live/{channel}.flv, ''",
        "/live/{channel}.flv, /live/../anna.flv",
        "/live/{channel}.flv, /live/a/b.flv",
        "/live/{channel}.flv, /live/a%2fb.flv",
        "/live/{channel}.flv, /live/a.b.flv",
        "/live/{channel}.flv, x/live/anna.flv",
        "/live/{channel}, /live/ä",
        "/live/{stream:any}.flv, /live/.flv",
        "/live/{stream:any}.flv, /live/flv",
        "/live/{stream:any}.flv, /live/",
        "/live/{stream:any}.flv, /live/a/b.flv",
        "/live/{stream:any}.flv, /live/a.ts",
        "/live/{stream:any}.flv, /x/a.flv",
        "/live/{stream:any}/b, /live/a",
        "/live/{stream:any}/b, /live//b",
        "/{application:any}/{stream:any}.flv, //a.flv",
        "/api/v1/health, /api/v1/health/",
        "/api/v1/health, /api/v1/healt",
    })
    void otherPathsAreOthers(String pattern, String path) {
        assertThat(PathPattern.of(pattern).match(path)).isNull();
    }

    @Test
    void aNameEndsAtSixtyFour() {
        PathPattern pattern = PathPattern.of("/live/{channel}.flv");
        assertThat(pattern.match("/live/" + "a".repeat(64) + ".flv")).isEqualTo(Map.of("channel", "a".repeat(64)));
        assertThat(pattern.match("/live/" + "a".repeat(65) + ".flv")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/{channel}{part}",
                "/live/{channel}-{part}",
                "/{a}b",
                "/{a:any}.{b}",
                "/{a}.{b:any}",
                "/x{a:any}"
            })
    void aNameWithoutAnEndIsRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.of(pattern));
    }
}
