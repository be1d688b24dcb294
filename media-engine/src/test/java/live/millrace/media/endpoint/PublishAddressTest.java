// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import live.millrace.media.access.StreamKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishAddressTest {

    @ParameterizedTest(name = "app {0}, name {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                // how OBS splits: all behind the host is the application, the key field is the name
                "live,            KEY,               -,    KEY",
                "live/KEY,        '',                -,    KEY",
                "KEY,             '',                -,    KEY",
                "live/room,       KEY,               -,    KEY",
                // how FFmpeg does
                "live,            anna?key=KEY,      anna, KEY",
                "live/anna?key=KEY, '',              anna, KEY",
                "live?key=KEY,    '',                -,    KEY",
                "live?key=OLD,    anna?key=KEY,      anna, KEY",
                // any application, stray slashes, the default instance
                "app,             KEY,               -,    KEY",
                "hls/,            /KEY/,             -,    KEY",
                "live//,          //KEY,             -,    KEY",
                "live/_definst_,  KEY,               -,    KEY",
                "live,            KEY?test=1,        -,    KEY",
                "live,            anna?a=b&key=KEY/, anna, KEY",
                // nothing that could be a key
                "'',              '',                -,    -",
                "live,            anna?key=,         anna, -",
                "live,            ../../KEY,         -,    -",
                "live/..,         KEY,               -,    -",
                "live/./,         anna?key=KEY,      -,    -",
            })
    void findsTheKeyHoweverTheClientSplitsTheAddress(String app, String name, String channel, String key) {
        PublishAddress address = PublishAddress.parse(app, name);
        assertThat(address.channel().orElse(null)).isEqualTo(channel);
        assertThat(address.key().map(StreamKey::secret).orElse(null)).isEqualTo(key);
    }

    @Test
    void whatIsTooLongIsNotLookedAt() {
        assertThat(PublishAddress.parse("live", "k".repeat(2_000)).key()).isEmpty();
        assertThat(PublishAddress.parse("live", "k".repeat(200)).key()).isEmpty();
    }

    @Test
    void whatCannotEvenBeAKeyIsNoMissingOne() {
        for (String name : new String[] {"k".repeat(2_000), "k".repeat(200), "..", "../a"}) {
            assertThat(PublishAddress.parse("live", name).channel()).isEmpty();
            assertThat(PublishAddress.parse("live", name).stream()).isNotEmpty();
        }
        assertThat(PublishAddress.parse("", "").stream()).isEmpty();
    }

    @Test
    void aKeyNeverPrints() {
        assertThat(PublishAddress.parse("live", "mr_secret").toString()).doesNotContain("mr_secret");
    }
}
