// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream may be called, and what an address makes of it. */
class StreamPathTest {
    private static final String LONGEST = "a".repeat(128);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s0",
                "0",
                "Cam_01",
                "Hall-2",
                "a.b",
                "a..b",
                "a.",
                "1.2.3.4",
                "movie.flv.backup",
                "flv",
                "a-ts",
                "mr_x",
                "a.tsx"
            })
    void aNameIsWhatOtherServersTake(String name) {
        assertThat(StreamPath.of("live", name)).hasValue(new StreamPath("live", name));
        assertThat(StreamPath.of(name, "s0")).hasValue(new StreamPath(name, "s0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", ".hidden", "-a", "_a", "a/b", "a%2Fb", "a b", "a\n", "ä", "a\\b", "a?b", "a:b",
                "a\u0000", "！"
            })
    void neitherPartIsAnythingElse(String part) {
        assertThat(StreamPath.of("live", part)).isEmpty();
        assertThat(StreamPath.of(part, "s0")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamPath("live", part));
    }

    @Test
    void eachPartHas128CharactersAtMost() {
        assertThat(StreamPath.of(LONGEST, LONGEST)).isPresent();
        assertThat(StreamPath.of("live", LONGEST + "a")).isEmpty();
        assertThat(StreamPath.of(LONGEST + "a", "s0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.flv", "a.ts", "a.mp4", "a.m3u8", "a.mpd", "a.FLV", "a.b.Ts", "a.fmp4", "a.live", "a.record"})
    void aNameDoesNotEndAsAddressesDo(String name) {
        assertThat(StreamPath.of("live", name)).isEmpty();
        assertThat(StreamPath.of(name, "s0")).as("an application").isPresent();
    }

    @Test
    void twoApplicationsHaveTwoStreamsOfOneName() {
        assertThat(new StreamPath("live1", "test1")).isNotEqualTo(new StreamPath("live2", "test1"));
        assertThat(new StreamPath("live", "Cam")).isNotEqualTo(new StreamPath("live", "cam"));
        assertThat(new StreamPath("cam", "Hall-2")).hasToString("cam/Hall-2");
    }

    @ParameterizedTest
    @CsvSource({
        "AS_SAID,  cam,  Hall-2, cam/Hall-2",
        "AS_SAID,  '',   Hall-2, live/Hall-2",
        "AS_SAID,  Live, anna,   Live/anna",
        "CHANNELS, cam,  Anna,   live/anna",
        "CHANNELS, '',   anna,   live/anna",
        "CHANNELS, a/b,  anna,   live/anna",
    })
    void anAddressLeadsToItsStream(StreamNaming naming, String application, String name, String path) {
        assertThat(naming.path(application, name)).hasToString("Optional[" + path + "]");
    }

    @ParameterizedTest
    @CsvSource({"AS_SAID, a/b, s0", "AS_SAID, live, ..", "CHANNELS, live, a/b", "CHANNELS, live, a.FLV"})
    void anAddressThatCannotBeLeadsNowhere(StreamNaming naming, String application, String name) {
        assertThat(naming.path(application, name)).isEmpty();
    }
}
