// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class SiteAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://live.example.org, live.example.org, true",
        "https://live.example.org, LIVE.example.org:443, true",
        "https://live.example.org:8443/, live.example.org:8443, true",
        "https://live.example.org:8443, live.example.org, false",
        "https://live.example.org, live.example.org:8080, false",
        "https://live.example.org, evil.example, false",
        "http://pi.local, pi.local:80, true",
        ", live.example.org, false",
    })
    void knows_its_own_host(String url, String host, boolean same) {
        assertThat(new SiteAddress(url).isPublicHost(host)).isEqualTo(same);
    }

    @Test
    void the_setting_decides_and_not_the_request() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setServerName("evil.example");

        assertThat(new SiteAddress("https://live.example.org/").originFor(request))
                .isEqualTo("https://live.example.org");
        assertThat(new SiteAddress(null).originFor(request)).isEqualTo("http://evil.example");
    }
}
