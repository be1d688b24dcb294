// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SrtKeysTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SECRET = "three quiet herons";

    /** RFC 3394 §4.1, by the platform's own wrapping. */
    @Test
    void keysAreWrappedAsInTheStandard() throws Exception {
        Cipher cipher = Cipher.getInstance("AESWrap");
        cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(HEX.parseHex("000102030405060708090a0b0c0d0e0f"), "AES"));
        assertThat(cipher.wrap(new SecretKeySpec(HEX.parseHex("00112233445566778899aabbccddeeff"), "AES")))
                .asHexString()
                .isEqualToIgnoringCase("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
    }

    /** RFC 6070's kind of derivation, over the last 8 bytes of the salt alone. */
    @Test
    void theFirstHalfOfTheSaltDoesNotCountForThePassphrase() {
        byte[] one = HEX.parseHex("00000000000000008899aabbccddeeff");
        byte[] other = HEX.parseHex("ffffffffffffffff8899aabbccddeeff");
        assertThat(SrtKeys.derived(SECRET, one, 16)).isEqualTo(SrtKeys.derived(SECRET, other, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void whatIsWrappedIsUnwrapped(int length) throws Exception {
        SrtKeys keys = SrtKeys.fresh(length, new SecureRandom());
        SrtKeys both = new SrtKeys(keys.salt(), keys.even(), new byte[length]);
        for (SrtKeys each : new SrtKeys[] {keys, both, new SrtKeys(keys.salt(), null, keys.even())}) {
            SrtKeys read = SrtKeys.unwrap(each.under(SECRET).wrap(), SECRET);
            assertThat(read.salt()).isEqualTo(each.salt());
            assertThat(read.even()).isEqualTo(each.even());
            assertThat(read.odd()).isEqualTo(each.odd());
        }
    }

    @Test
    void otherCiphersAndBrokenMessagesAreRefused() throws Exception {
        byte[] message = SrtKeys.fresh(16, new SecureRandom()).under(SECRET).wrap();
        byte[] gcm = message.clone();
        gcm[8] = 4;
        gcm[9] = 1;
        assertThatThrownBy(() -> SrtKeys.unwrap(gcm, SECRET))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.CRYPTO));
        for (int at : new int[] {0, 1, 14, 15}) {
            byte[] broken = message.clone();
            broken[at] ^= 0x7C;
            assertThatThrownBy(() -> SrtKeys.unwrap(broken, SECRET)).isInstanceOf(MalformedSrtException.class);
        }
        assertThatThrownBy(() -> SrtKeys.unwrap(new byte[4], SECRET)).isInstanceOf(MalformedSrtException.class);
    }

    /** A new key comes while packets of the old one are on the way: both are good. */
    @Test
    void keysAreChangedOnTheWay() {
        SrtKeys first = SrtKeys.fresh(16, new SecureRandom());
        byte[] odd = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
        SrtCipher sends = new SrtCipher(first);
        SrtCipher takes = new SrtCipher(first);
        SrtKeys next = new SrtKeys(first.salt(), null, odd);
        ByteBuf old = Unpooled.buffer().writeLong(42);
        assertThat(sends.apply(5, SrtKeys.EVEN, old, 0, 8)).isTrue();
        assertThat(takes.apply(6, SrtKeys.ODD, Unpooled.buffer().writeLong(1), 0, 8))
                .isFalse();
        sends.add(next);
        takes.add(next);
        ByteBuf fresh = Unpooled.buffer().writeLong(43);
        assertThat(sends.apply(6, SrtKeys.ODD, fresh, 0, 8)).isTrue();
        assertThat(takes.apply(6, SrtKeys.ODD, fresh, 0, 8)).isTrue();
        assertThat(takes.apply(5, SrtKeys.EVEN, old, 0, 8)).isTrue();
        assertThat(old.getLong(0)).isEqualTo(42);
        assertThat(fresh.getLong(0)).isEqualTo(43);
    }
}
