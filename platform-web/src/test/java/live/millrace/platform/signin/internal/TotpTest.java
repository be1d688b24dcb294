// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
    private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** RFC 6238, appendix B; the last six of its eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codesAreThoseOfTheStandard(long second, String code) {
        assertThat(Totp.code(KEY, Totp.step(Instant.ofEpochSecond(second)))).isEqualTo(code);
    }

    @Test
    void aClockMayBeOneStepOff() {
        Instant now = Instant.ofEpochSecond(1111111109);
        long step = Totp.step(now);
        assertThat(Totp.match(KEY, Totp.code(KEY, step - 1), now)).isEqualTo(OptionalLong.of(step - 1));
        assertThat(Totp.match(KEY, Totp.code(KEY, step + 1), now)).isEqualTo(OptionalLong.of(step + 1));
        assertThat(Totp.match(KEY, Totp.code(KEY, step - 2), now)).isEmpty();
        assertThat(Totp.match(KEY, Totp.code(KEY, step + 2), now)).isEmpty();
        assertThat(Totp.match(KEY, "", now)).isEmpty();
    }

    /** RFC 4648, section 10, without the padding. */
    @ParameterizedTest
    @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void keysAreWrittenAsAppsReadThem(String text, String written) {
        assertThat(Totp.base32(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(written);
    }
}
