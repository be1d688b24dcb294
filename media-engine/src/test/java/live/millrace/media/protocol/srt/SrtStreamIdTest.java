// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import live.millrace.media.protocol.srt.SrtStreamId.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SrtStreamIdTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "#!::r=live/KEY,m=publish | PUBLISH | live/KEY | - | ''",
                "%23!::r=live/KEY,m=publish | PUBLISH | live/KEY | - | ''",
                "#!::m=publish,r=/live/KEY | PUBLISH | live/KEY | - | ''",
                "#!::r=live/anna | - | live/anna | - | ''",
                "#!::r=live/anna,t=abc,m=request | REQUEST | live/anna | - | t=abc",
                "#!::h=host,r=live/anna?key=KEY,m=publish | PUBLISH | live/anna | - | key=KEY",
                "#!::r=live/anna,u=KEY,m=publish,s=1 | PUBLISH | live/anna | KEY | s=1",
                "publish:live/KEY | PUBLISH | live/KEY | - | ''",
                "publish:live/KEY#feedbackplay | PUBLISH | live/KEY | - | ''",
                "publish:live/anna:user:KEY | PUBLISH | live/anna | KEY | ''",
                "publish:live/anna:user:KEY:a=b | PUBLISH | live/anna | KEY | a=b",
                "read:live/anna | REQUEST | live/anna | - | ''",
                "live/KEY | PUBLISH | live/KEY | - | ''",
                "KEY | PUBLISH | KEY | - | ''",
            })
    void formsThatAreAbout(String id, Mode mode, String resource, String user, String parameters) throws Exception {
        SrtStreamId read = SrtStreamId.parse(id);
        assertThat(read.mode().orElse(null)).isEqualTo(mode);
        assertThat(read.resource()).isEqualTo(resource);
        assertThat(read.user().orElse(null)).isEqualTo(user);
        assertThat(read.parameters()).isEqualTo(parameters);
        assertThat(read).hasToString("SrtStreamId[hidden]");
    }

    /** ant-media #4480: encoders without one. */
    @Test
    void noneIsEmpty() throws Exception {
        assertThat(SrtStreamId.parse("").isEmpty()).isTrue();
        assertThat(SrtStreamId.parse("#!::").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!::r", "#!::r=a,m=fly", "a\u0000b", "publish:a:b:c:d:e", "%23!::%zz=1"})
    void whatCannotBeReadIsRefused(String id) {
        assertThatThrownBy(() -> SrtStreamId.parse(id)).isInstanceOf(MalformedSrtException.class);
    }
}
