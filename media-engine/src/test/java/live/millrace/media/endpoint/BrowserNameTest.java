// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers by the names that people know, though each says that it is all of them. */
class BrowserNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Chromium 156 | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "Chromium 156 | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
                "Chromium 156 | Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1",
                "Edge 156 | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
                "Firefox 140 | Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox 140 | Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "Safari 26 | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "Safari 26 | Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0.1 Mobile/15E148 Safari/604.1"
            })
    void aBrowserIsCalledByItsName(String name, String userAgent) {
        assertThat(BrowserName.of(userAgent)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Lavf/62.3.100",
                "GStreamer/1.22 Chrome/1",
                "Mozilla/5.0 (OBS-Studio/30.2.3; Linux x86_64; en-US)",
                "Mozilla/5.0 (X11) NotChrome/156.0",
                "Mozilla/5.0 (X11) Chrome/x",
                "Mozilla/5.0 (X11) Chrome/99999"
            })
    void whatIsNoneStaysAsItIs(String userAgent) {
        assertThat(BrowserName.of(userAgent)).isEmpty();
    }
}
