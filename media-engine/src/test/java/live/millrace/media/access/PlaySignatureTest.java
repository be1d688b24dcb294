// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaySignatureTest {
    /** 0 to 31. */
    private static final byte[] KEY = key(0);

    private static final String GOOD = "1790000040.20717.AAAAAAAAAAAAAAAAAAAAAA";

    private static byte[] key(int from) {
        byte[] key = new byte[32];
        IntStream.range(0, key.length).forEach(i -> key[i] = (byte) (from + i));
        return key;
    }

    /** Computed by another program: {@code printf 'millrace play 1\nlive\n…' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…}. */
    @ParameterizedTest
    @CsvSource({
        "LIVE, live/anna, 1790000000123, 1790000040, 20717, 1790000040.20717.ZgitaVPZpRDvDB0L_VrsRg",
        "LIVE, live/anna, 1790000000124, 1790000040, 20717, 1790000040.20717.EgvXWDws7We5NEA244EJdg",
        "VIDEO, AbC_-123xyz, 1790000000123, 1790000070, 20717, 1790000070.20717.WXIvE6DyAViVRUirHNXfEg",
        "LIVE, studio-2/a.b, 0, 60, 0, 60.0.3XXPiIS4ApW-328cZMnejA",
    })
    void isTheBeginningOfAnHmac(
            PlaySignature.Kind kind, String subject, long epoch, long expires, int number, String text) {
        PlaySignature made = PlaySignature.make(KEY, number, kind, subject, epoch, expires);
        assertThat(made.text()).isEqualTo(text);
        assertThat(PlaySignature.of(text)).hasValue(made);
    }

    @Test
    void whateverIsSignedChangesIt() {
        PlaySignature made = PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/anna", 5, 60);
        assertThat(made.is(PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/anna", 5, 60)))
                .isTrue();
        assertThat(made.is(PlaySignature.make(key(1), 7, PlaySignature.Kind.LIVE, "live/anna", 5, 60)))
                .isFalse();
        assertThat(made.is(PlaySignature.make(KEY, 8, PlaySignature.Kind.LIVE, "live/anna", 5, 60)))
                .isFalse();
        assertThat(made.mac())
                .isNotEqualTo(PlaySignature.make(KEY, 8, PlaySignature.Kind.LIVE, "live/anna", 5, 60)
                        .mac());
        assertThat(made.is(PlaySignature.make(KEY, 7, PlaySignature.Kind.VIDEO, "live/anna", 5, 60)))
                .isFalse();
        assertThat(made.is(PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/bert", 5, 60)))
                .isFalse();
        assertThat(made.is(PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/anna", 6, 60)))
                .isFalse();
        assertThat(made.is(PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/anna", 5, 90)))
                .isFalse();
        assertThatThrownBy(() -> PlaySignature.make(KEY, 7, PlaySignature.Kind.LIVE, "live/anna\n5", 5, 90))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "1790000040",
                "1790000040.20717",
                "1790000040.20717.",
                "1790000040.20717.AAAAAAAAAAAAAAAAAAAAA",
                "1790000040.20717.AAAAAAAAAAAAAAAAAAAAAAA",
                "1790000040.20717.AAAAAAAAAAAAAAAAAAAAAB",
                "1790000040.20717.AAAAAAAAAAAAAAAAAAAA+A",
                "01790000040.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "1790000040.020717.AAAAAAAAAAAAAAAAAAAAAA",
                "+1790000040.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "-1.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "0.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "1790000040.-1.AAAAAAAAAAAAAAAAAAAAAA",
                "999999999999.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "1790000040.999999999.AAAAAAAAAAAAAAAAAAAAAA",
                " 1790000040.20717.AAAAAAAAAAAAAAAAAAAAAA",
                "1790000040.20717.AAAAAAAAAAAAAAAAAAAAAA\n",
                "\u0661790000040.20717.AAAAAAAAAAAAAAAAAAAAAA"
            })
    void mostTextsAreNone(String text) {
        assertThat(PlaySignature.of(text)).isEmpty();
    }

    @Test
    void isShownToNobody() {
        assertThat(PlaySignature.of(GOOD).orElseThrow().toString()).isEqualTo("PlaySignature[hidden]");
    }

    @FuzzTest(maxDuration = "30s")
    void thereIsOneTextForEach(FuzzedDataProvider data) {
        String text = data.consumeBoolean()
                ? data.consumeRemainingAsString()
                : data.consumeLong() + "." + data.consumeInt() + "."
                        + new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        PlaySignature.of(text).ifPresent(said -> assertThat(said.text()).isEqualTo(text));
    }
}
