// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.camera.internal.CameraAddress.BadAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people paste, as makers of cameras print it. */
class CameraAddressTest {
    private static CameraAddress read(String address) throws BadAddressException {
        return CameraAddress.of(new CameraWish(address, "", "", false, false));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "rtsp://192.168.1.20/stream1, rtsp://192.168.1.20/stream1, '', ''",
                "'  rtsp://192.168.1.20/stream1 ', rtsp://192.168.1.20/stream1, '', ''",
                "RTSP://cam.example:8554/a/b?x=1, rtsp://cam.example:8554/a/b?x=1, '', ''",
                "192.168.1.20/stream1, rtsp://192.168.1.20/stream1, '', ''",
                "192.168.1.20:8554, rtsp://192.168.1.20:8554, '', ''",
                "rtsps://cam.example, rtsps://cam.example, '', ''",
                "rtsp://[fd00::7]:554/1, rtsp://[fd00::7]:554/1, '', ''",
                "rtsp://admin:secret@192.168.1.20/1, rtsp://192.168.1.20/1, admin, secret",
                "rtsp://admin@192.168.1.20/1, rtsp://192.168.1.20/1, admin, ''",
                "rtsp://admin:@192.168.1.20/1, rtsp://192.168.1.20/1, admin, ''",
                // Passphrases of SRT stand in the query; stream ids are copied as programs print them.
                "srt://10.0.0.7:8890, srt://10.0.0.7:8890, '', ''",
                "SRT://10.0.0.7:8890?streamid=#!::r=yard&passphrase=three quiet&latency=400, srt://10.0.0.7:8890?streamid=%23!::r=yard&latency=400, '', three quiet",
                "srt://10.0.0.7:8890?passphrase=p%26s%3Ds+1, srt://10.0.0.7:8890, '', p&s=s+1",
                "srt://10.0.0.7:8890/?streamid=read:live/yard@7, srt://10.0.0.7:8890/?streamid=read:live/yard@7, '', ''",
                // As nobody encodes them.
                "rtsp://admin:p@ss:w#rd@192.168.1.20/1, rtsp://192.168.1.20/1, admin, p@ss:w#rd",
                "rtsp://admin:what?@192.168.1.20/1, rtsp://192.168.1.20/1, admin, what?",
                "rtsp://admin:100%@192.168.1.20/1, rtsp://192.168.1.20/1, admin, 100%",
                "rtsp://admin:a+b@192.168.1.20/1, rtsp://192.168.1.20/1, admin, a+b",
                // As somebody did.
                "rtsp://ad%40min:p%2Fs+s@192.168.1.20/1, rtsp://192.168.1.20/1, ad@min, p/s+s",
                // A sign in the path is no login.
                "rtsp://192.168.1.20/a@b, rtsp://192.168.1.20/a@b, '', ''",
            })
    void readsWhatPeoplePaste(String typed, String uri, String user, String password) throws Exception {
        CameraAddress address = read(typed);
        assertThat(address.uri()).hasToString(uri);
        assertThat(address.user()).isEqualTo(user);
        assertThat(address.password()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource({
        "'', camera.address.none",
        "http://192.168.1.20/, camera.address.scheme",
        "file:///etc/passwd, camera.address.scheme",
        "rtsp://, camera.address.malformed",
        "rtsp:///stream, camera.address.malformed",
        "rtsp://exa mple/1, camera.address.malformed",
        "rtsp://192.168.1.20:99999/1, camera.address.malformed",
        "rtsp://192.168.1.20:0/1, camera.address.malformed",
        "rtsp://192.168.1.20/1#top, camera.address.malformed",
        "rtsp://under_score/1, camera.address.malformed",
        "srt://, camera.address.malformed",
        "srt://anna:secret@10.0.0.7:8890, camera.address.malformed",
        "srt://:8890, camera.address.malformed"
    })
    void refusesWhatIsNone(String typed, String why) {
        assertThatThrownBy(() -> read(typed))
                .isInstanceOf(BadAddressException.class)
                .hasMessage(why);
    }

    @Test
    void fieldsWinOverTheAddress() throws Exception {
        CameraAddress address =
                CameraAddress.of(new CameraWish("rtsp://a:b@192.168.1.20/1", " admin ", " secret ", false, false));
        assertThat(address.user()).isEqualTo("admin");
        assertThat(address.password()).isEqualTo(" secret ");
        CameraAddress encrypted =
                CameraAddress.of(new CameraWish("srt://10.0.0.7:1?passphrase=old", "", "new", false, false));
        assertThat(encrypted.password()).isEqualTo("new");
        assertThat(encrypted.uri()).hasToString("srt://10.0.0.7:1");
    }

    @Test
    void refusesLongOnes() {
        assertThatThrownBy(() -> read("rtsp://h/" + "a".repeat(Cameras.MOST_ADDRESS)))
                .hasMessage("camera.address.long");
        assertThatThrownBy(() -> read("rtsp://" + "a".repeat(Cameras.MOST_LOGIN + 1) + "@h/"))
                .hasMessage("camera.login.long");
        assertThatThrownBy(() -> read("rtsp://a%00b@h/")).hasMessage("camera.login.malformed");
        assertThatThrownBy(() -> read("srt://h?passphrase=" + "a".repeat(Cameras.MOST_LOGIN + 1)))
                .hasMessage("camera.login.long");
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://10.0.0.7/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp, rtsp://10.0.0.7/user=admin_password=…_channel=1_stream=0.sdp",
        "rtsp://10.0.0.7/h264?user=admin&pwd=geheim&ch=1, rtsp://10.0.0.7/h264?user=admin&pwd=…&ch=1",
        "rtsp://10.0.0.7/cam/realmonitor?channel=1&subtype=0, rtsp://10.0.0.7/cam/realmonitor?channel=1&subtype=0",
        "rtsp://10.0.0.7/a?key=Hi_d9&token=a/b, rtsp://10.0.0.7/a?key=…&token=…",
        "rtsp://10.0.0.7/a?pass%77ord=geheimer&sig=abc, rtsp://10.0.0.7/a?pass%77ord=…&sig=…",
        "rtsp://10.0.0.7/admin/geheim/ch1, rtsp://10.0.0.7/admin/…/ch1",
        "rtsp://admin:geheim@10.0.0.7/1, rtsp://10.0.0.7/1",
        "srt://10.0.0.7:8890?streamid=yard&passphrase=geheimes Wort, srt://10.0.0.7:8890?streamid=yard"
    })
    void showsNoSecret(String typed, String shown) throws Exception {
        assertThat(read(typed).shown()).isEqualTo(shown);
        assertThat(read(typed)).hasToString("CameraAddress[hidden]");
    }

    @FuzzTest
    void nothingBreaksIt(byte[] content) {
        String typed = new String(content, StandardCharsets.UTF_8);
        try {
            CameraAddress address = read(typed);
            assertThat(address.uri().getHost()).isNotNull();
            assertThat(address.uri().getRawUserInfo()).isNull();
            assertThat(address.uri().toString()).matches("(rtsps?|srt)://.*");
            // What is kept is read again as what it is.
            assertThat(read(address.uri().toString()).uri()).isEqualTo(address.uri());
        } catch (BadAddressException refused) {
            assertThat(refused.messageKey()).startsWith("camera.");
        }
    }
}
