// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import live.millrace.media.amf.AmfValue;
import org.junit.jupiter.api.Test;

class ConnectCapabilitiesTest {
    private static AmfValue.Obj connect(String property, double value) {
        return AmfValue.object("app", AmfValue.of("live"), property, AmfValue.of(value));
    }

    @Test
    void tellsWhoAsksWhichCodecsAreCarried() {
        Map<String, AmfValue> answer =
                ConnectCapabilities.of(connect("capsEx", 1)).answer();
        assertThat(codecs(answer, "videoFourCcInfoMap")).containsExactly("avc1", "hvc1", "av01", "vp09", "vp08");
        assertThat(codecs(answer, "audioFourCcInfoMap"))
                .containsExactly("mp4a", ".mp3", "Opus", "fLaC", "ac-3", "ec-3");
    }

    private static Iterable<String> codecs(Map<String, AmfValue> answer, String name) {
        AmfValue map = answer.get(name);
        assertThat(map).isInstanceOf(AmfValue.Obj.class);
        Map<String, AmfValue> codecs = ((AmfValue.Obj) map).properties();
        assertThat(codecs.values()).containsOnly(AmfValue.of(4));
        return codecs.keySet();
    }

    @Test
    void tellsNothingToThoseWhoDoNotAsk() {
        assertThat(ConnectCapabilities.of(connect("objectEncoding", 0)).answer())
                .isEmpty();
    }
}
