// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as people have them. */
class SourceAddressTest {
    private static SourceAddress of(String text) {
        return SourceAddress.of(text, false, SourceAddress.Reach.PUBLIC, SourceAddress.USUAL_PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "rtsp://10.0.0.1/live rtsp://10.0.0.1/live - -",
                "rtsp://admin:secret@10.0.0.1:8554/live rtsp://10.0.0.1:8554/live admin secret",
                "rtsp://admin@10.0.0.1/live rtsp://10.0.0.1/live admin -",
                "rtsp://admin:p%40ss%3Aw@10.0.0.1/a rtsp://10.0.0.1/a admin p@ss:w",
                "rtsp://admin:p@s#s:?%+@10.0.0.1/a rtsp://10.0.0.1/a admin p@s#s:?%+",
                "rtsp://a:b@[fd12::1]:554/a rtsp://[fd12::1]:554/a a b",
                "rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0 rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0 - -",
                "rtsp://10.0.0.1/a@b rtsp://10.0.0.1/a@b - -",
                "rtsp://10.0.0.1 rtsp://10.0.0.1 - -",
                "srt://10.0.0.1:8890 srt://10.0.0.1:8890 - -",
                "srt://10.0.0.1:8890?streamid=#!::r=a/b,u=x@y&passphrase=p%26a+s#s&latency=400 srt://10.0.0.1:8890?streamid=%23!::r=a/b,u=x@y&latency=400 - p&a+s#s",
                "SRT://[fd12::1]:1?passphrase=abc SRT://[fd12::1]:1 - abc"
            })
    void userAndPasswordStandBesideTheAddress(String text, String uri, String user, String password) {
        SourceAddress address = of(text);
        assertThat(address.uri().toString()).isEqualTo(uri);
        assertThat(address.user()).isEqualTo(user == null ? "" : user);
        assertThat(address.password()).isEqualTo(password == null ? "" : password);
        assertThat(address.toString()).isEqualTo("SourceAddress[hidden]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "camera",
                "//a:secret@b",
                "rtsp://a:secret@b/a b",
                "rtsp://a:secret@b/%zz",
                "rtsp://a:secret@/",
                "srt://a:secret@10.0.0.1",
                "srt://?passphrase=secret",
                "srt://10.0.0.1/a b?passphrase=secret"
            })
    void whatIsNoneIsNotRepeated(String text) {
        assertThatThrownBy(() -> of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void longOnesAreNone() {
        assertThatThrownBy(() -> of("rtsp://10.0.0.1/" + "a".repeat(SourceAddress.LONGEST)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
