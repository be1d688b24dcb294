// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class UsernameTokenTest {
    /** ONVIF Application Programmer's Guide 1.0, 6.1.1.3. */
    @Test
    void isWhatTheGuideSays() {
        UsernameToken token = UsernameToken.of(
                "user",
                "userpassword",
                Instant.parse("2010-09-16T07:50:45.900Z"),
                Base64.getDecoder().decode("LKqI6G/AikKCQrN0zqZFlg=="));
        assertThat(token.digest()).isEqualTo("tuOSpGlFlIXsozq4HFNeeGeFLEI=");
        assertThat(token.nonce()).isEqualTo("LKqI6G/AikKCQrN0zqZFlg==");
        assertThat(token.created()).isEqualTo("2010-09-16T07:50:45Z");
        assertThat(token).asString().doesNotContain("user", "tuOS");
    }

    @Test
    void isGoodForOneRequest() {
        Instant now = Instant.parse("2026-11-27T12:00:00Z");
        assertThat(UsernameToken.of("a", "b", now).nonce())
                .isNotEqualTo(UsernameToken.of("a", "b", now).nonce());
    }
}
