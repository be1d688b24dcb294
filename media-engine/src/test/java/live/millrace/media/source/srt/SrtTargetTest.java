// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import live.millrace.media.source.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SrtTargetTest {
    private static SrtTarget of(String query) {
        return SrtTarget.of(URI.create("srt://10.0.0.7:8890" + query), "");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 16, 120",
        "?streamid=%23!::r=a+b%2Cc&pbkeylen=32, '#!::r=a+b,c', 32, 120",
        "?mode=caller&latency=400&pbkeylen=7, '', 16, 400",
        "?latency=400000, '', 16, 400",
        "?latency=99999999, '', 16, 8000",
        "?latency=0, '', 16, 20",
        "?latency=soon&x&=y, '', 16, 120"
    })
    void readsWhatProgramsPrint(String query, String streamId, int keyLength, int latency) {
        assertThat(of(query)).isEqualTo(new SrtTarget(streamId, "", keyLength, latency));
        assertThat(of(query)).hasToString("SrtTarget[hidden]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?mode=listener", "?mode=rendezvous"})
    void weCallAndNothingElse(String query) {
        assertThatThrownBy(() -> of(query)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsTooLongIsRefusedUnrepeated() {
        assertThatThrownBy(() -> of("?streamid=" + "a".repeat(513))).isInstanceOf(IllegalArgumentException.class);
        for (String passphrase : new String[] {"geheim", "geheim".repeat(20)}) {
            assertThatThrownBy(() -> SrtTarget.of(URI.create("srt://h"), passphrase))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("geheim");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1010, WRONG_LOGIN",
        "1011, WRONG_LOGIN",
        "1403, WRONG_LOGIN",
        "2403, WRONG_LOGIN",
        "2401, WRONG_LOGIN",
        "2404, NOT_FOUND",
        "1404, NOT_FOUND",
        "1002, NOT_FOUND",
        "2402, UNREACHABLE",
        "1008, PROTOCOL",
        "1012, PROTOCOL",
        "2147483647, PROTOCOL"
    })
    void refusalsHaveTheirMeaning(int wire, SourceFailure failure) {
        assertThat(SrtRefusals.meaning(wire)).isEqualTo(failure);
    }
}
